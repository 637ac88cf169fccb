import { DataError } from '@interseg/errors';
import type { LayerConfig } from '../model/layer-graph.ts';
import type { Weight } from '../model/weights.ts';
import type { OnnxGraph, OnnxValue } from '../writer/onnx-graph.ts';

/** A call of a layer that is to be written as nodes. */
export interface LayerCall {
  /** The layer's name, for errors. */
  readonly layer: string;
  /**
   * The name that the node with the result must have. Other nodes and constants are named after it with a dot, such as
   * `x_0_0.kernel`.
   */
  readonly name: string;
  /** The settings as they are saved: `getConfig()` with keys such as `kernel_size`. */
  readonly config: LayerConfig;
  /** At least one. */
  readonly inputs: readonly OnnxValue[];
  /** A weight of the layer by its own name, such as `kernel`; `undefined` where the layer has none. */
  weight(name: string): Weight | undefined;
}

/**
 * Writes a call of a layer as nodes of ONNX. Features are `[N, C, H, W]` there, `[N, H, W, C]` in TensorFlow.js.
 *
 * @returns the result, whose name is `call.name`
 */
export type LayerWriter = (call: LayerCall, graph: OnnxGraph) => OnnxValue;

/** The first input, for layers that take one. */
export function onlyInput({ inputs }: LayerCall): OnnxValue {
  return inputs[0]!;
}

/** The error for a setting that has no counterpart. */
export function unsuitable({ layer }: LayerCall, found: string, expected: string): DataError {
  return new DataError(
    `Layer ${layer}: found ${found}, expected ${expected}: nothing else has a counterpart in ONNX here.`,
  );
}

/** A setting for height and width, such as `strides`, which may be one number for both. */
export function pairAt(call: LayerCall, key: string, otherwise: number): [height: number, width: number] {
  const value = call.config[key] ?? otherwise;
  const [height, width = height] = [value].flat() as unknown[];
  if (!isCount(height) || !isCount(width)) {
    throw unsuitable(call, `${key} ${JSON.stringify(value)}`, 'whole numbers of at least 1');
  }
  return [height, width];
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1;
}

/** Padding of a convolution or pooling. */
export function paddingOf(call: LayerCall): 'same' | 'valid' {
  const padding = call.config['padding'] ?? 'valid';
  if (padding !== 'same' && padding !== 'valid') throw unsuitable(call, `padding ${String(padding)}`, 'same or valid');
  return padding;
}

/** A weight that the layer must have, of the given shape. */
export function weightOf(call: LayerCall, name: string, shape: readonly number[]): Float32Array {
  const weight = call.weight(name);
  if (!weight || weight.shape.join() !== shape.join()) {
    const found = weight ? `of shape [${weight.shape.join(', ')}]` : 'missing';
    throw new DataError(`Weight ${call.layer}/${name}: found it ${found}, expected the shape [${shape.join(', ')}].`);
  }
  return weight.data;
}

/** Adds a constant with one number a channel: a weight, or a number for all of them where the layer has no such weight. */
export function vector(
  { call, graph, channels }: { call: LayerCall; graph: OnnxGraph; channels: number },
  weight: string,
  otherwise?: number,
): string {
  const isMissing = otherwise !== undefined && call.weight(weight) === undefined;
  const data = isMissing ? new Float32Array(channels).fill(otherwise) : weightOf(call, weight, [channels]);
  return graph.constant(`${call.name}.${weight}`, [channels], data);
}
