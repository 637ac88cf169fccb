import { DataError, OptionError } from '@interseg/errors';
import { findWriter, onnxLayers } from './layers/registry.ts';
import { callName, readLayerGraph, type LayerNode } from './model/layer-graph.ts';
import type { ModelArtifacts } from './model/model-artifacts.ts';
import { sizeMultiple } from './model/size-multiple.ts';
import { readWeights, type Weight } from './model/weights.ts';
import { encodeModel } from './writer/encode-model.ts';
import { describeNetwork } from './writer/metadata.ts';
import { OnnxGraph, type OnnxValue } from './writer/onnx-graph.ts';

/** The orders of axes that input and output can have. */
export const onnxLayouts = ['nchw', 'nhwc'] as const;
/** One of {@link onnxLayouts}: `[N, C, H, W]`, as PyTorch has it, or `[N, H, W, C]`, as TensorFlow has it. */
export type OnnxLayout = (typeof onnxLayouts)[number];

/** Options of {@link toOnnx}. */
export interface ToOnnxOptions {
  /** The order of axes of input and output. Defaults to `'nchw'`, in which most runtimes compute. */
  layout?: OnnxLayout;
}

/**
 * Writes a network as ONNX: version 17 of the operators, weights included. Input and output have the names of the network's
 * own (`image` and `segmentation` in those of InterSeg), any number of samples, and any height and width that is a multiple of
 * what its poolings need. What InterSeg noted about the network is kept in the file's metadata: see `readOnnxMetadata`.
 * The same network always gives the same bytes.
 *
 * @param artifacts a saved `LayersModel` with one input and one output, both `[N, H, W, C]`
 * @returns the content of a file `*.onnx`
 * @throws DataError when a layer or one of its settings has no counterpart, naming the layer, or when weights are missing
 * @throws OptionError when the layout is none of {@link onnxLayouts}
 */
export function toOnnx(artifacts: ModelArtifacts, { layout = 'nchw' }: ToOnnxOptions = {}): Uint8Array {
  if (!onnxLayouts.includes(layout)) {
    throw new OptionError(`layout is '${String(layout)}', expected one of ${onnxLayouts.join(', ')}.`);
  }
  const network = readLayerGraph(artifacts.modelTopology);
  const weights = readWeights(artifacts);
  const graph = new OnnxGraph();
  const [input, output] = [callName(network.input), callName(network.output)];
  graph.take(input);
  const isChannelsLast = layout === 'nhwc';
  const first = isChannelsLast ? graph.add('Transpose', `${input}.nchw`, [input], { perm: [0, 3, 1, 2] }) : input;
  const values = new Map<string, OnnxValue>([[input, { name: first, channels: network.channels }]]);
  for (const node of network.nodes) {
    const key = callName(node);
    const name = isChannelsLast && key === output ? `${key}.nchw` : key;
    const inputs = node.inputs.map((one) => values.get(callName(one))!);
    values.set(key, writeLayer({ node, name, inputs, weights, graph }));
  }
  const last = values.get(output);
  if (!last || output === input) throw new DataError(`Output ${output}: found no layer that gives it, expected one.`);
  if (isChannelsLast) graph.add('Transpose', output, [last.name], { perm: [0, 2, 3, 1] });
  const shape = (channels: number): (number | string)[] =>
    isChannelsLast ? ['batch', 'height', 'width', channels] : ['batch', channels, 'height', 'width'];
  return encodeModel({
    name: network.name,
    nodes: graph.nodes,
    tensors: graph.tensors,
    input: { name: input, shape: shape(network.channels) },
    output: { name: output, shape: shape(last.channels) },
    metadata: describeNetwork(artifacts.userDefinedMetadata, { layout, sizeMultiple: sizeMultiple(network) }),
  });
}

interface LayerToWrite {
  node: LayerNode;
  name: string;
  inputs: readonly OnnxValue[];
  weights: ReadonlyMap<string, Weight>;
  graph: OnnxGraph;
}

function writeLayer({ node, name, inputs, weights, graph }: LayerToWrite): OnnxValue {
  const { layer, className, config } = node;
  const write = findWriter(className);
  if (!write) {
    throw new DataError(
      `Layer ${layer}: found a ${className}, which has no counterpart in ONNX here, expected one of ${onnxLayers().join(', ')}, or a plugin that calls defineOnnxLayer.`,
    );
  }
  const order = config['data_format'] ?? 'channels_last';
  if (order !== 'channels_last') {
    throw new DataError(`Layer ${layer}: found the data format ${String(order)}, expected channels_last.`);
  }
  const weight = (kind: string): Weight | undefined => weights.get(`${layer}/${kind}`);
  const value = write({ layer, name, config, inputs, weight }, graph);
  if (value.name !== name) {
    throw new DataError(
      `Layer ${layer}: found the result ${value.name}, expected ${name} from the writer of ${className}.`,
    );
  }
  return value;
}
