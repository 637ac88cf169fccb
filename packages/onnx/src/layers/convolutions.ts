import type { Weight } from '../model/weights.ts';
import type { OnnxAttribute } from '../writer/encode-model.ts';
import { withActivation } from './activations.ts';
import {
  onlyInput,
  paddingOf,
  pairAt,
  unsuitable,
  vector,
  weightOf,
  type LayerCall,
  type LayerWriter,
} from './layer-call.ts';

/** The layer `Conv2D`: a kernel `[height, width, in, out]` becomes `[out, in, height, width]`. */
export const writeConvolution: LayerWriter = (call, graph) => {
  const input = onlyInput(call);
  const size = pairAt(call, 'kernel_size', 1);
  const strides = pairAt(call, 'strides', 1);
  const dilations = pairAt(call, 'dilation_rate', 1);
  const filters = filtersOf(call);
  const kernel = kernelOf(call, [...size, input.channels, filters]);
  const padding = paddingOf(call) === 'same' ? samePadding(size, strides, dilations) : {};
  return withActivation(call, graph, (name) => {
    const weights = graph.constant(`${call.name}.kernel`, [filters, input.channels, ...size], kernel);
    const bias = call.config['use_bias'] === false ? [] : [vector({ call, graph, channels: filters }, 'bias')];
    const attributes = { kernel_shape: size, strides, dilations, ...padding };
    return { name: graph.add('Conv', name, [input.name, weights, ...bias], attributes), channels: filters };
  });
};

/**
 * What 'same' adds: half of what the kernel reaches beyond its centre on either side, an odd rest at the end. With strides it
 * depends on the size of the input, which ONNX then works out itself.
 */
function samePadding(size: number[], strides: number[], dilations: number[]): Record<string, OnnxAttribute> {
  if (strides.some((stride) => stride > 1)) return { auto_pad: 'SAME_UPPER' };
  const reach = size.map((extent, axis) => dilations[axis]! * (extent - 1));
  return { pads: [...reach.map((one) => Math.floor(one / 2)), ...reach.map((one) => Math.ceil(one / 2))] };
}

/** The layer `Conv2DTranspose`: a kernel `[height, width, out, in]` becomes `[in, out, height, width]`. */
export const writeTransposedConvolution: LayerWriter = (call, graph) => {
  const input = onlyInput(call);
  const size = pairAt(call, 'kernel_size', 1);
  const strides = pairAt(call, 'strides', 1);
  const filters = filtersOf(call);
  const kernel = kernelOf(call, [...size, filters, input.channels]);
  // How far windows overlap, or how far apart they are where it is negative.
  const overlap = size.map((extent, axis) => extent - strides[axis]!);
  const isSame = paddingOf(call) === 'same';
  const crop = overlap.map((one) => (isSame ? Math.max(one, 0) : 0));
  const pads = [...crop.map((one) => Math.floor(one / 2)), ...crop.map((one) => Math.ceil(one / 2))];
  const gap = overlap.map((one) => Math.max(-one, 0));
  return withActivation(call, graph, (name) => {
    const weights = graph.constant(`${call.name}.kernel`, [input.channels, filters, ...size], kernel);
    const bias = call.config['use_bias'] === false ? [] : [vector({ call, graph, channels: filters }, 'bias')];
    const attributes = { kernel_shape: size, strides, pads, output_padding: gap };
    return { name: graph.add('ConvTranspose', name, [input.name, weights, ...bias], attributes), channels: filters };
  });
};

function filtersOf(call: LayerCall): number {
  const filters = call.config['filters'];
  if (typeof filters !== 'number') throw unsuitable(call, `filters ${JSON.stringify(filters)}`, 'a number of them');
  return filters;
}

/** The kernel with its last two axes first and exchanged: `[a, b, c, d]` as `[d, c, a, b]`. */
function kernelOf(call: LayerCall, shape: Weight['shape']): Float32Array {
  const data = weightOf(call, 'kernel', shape);
  const [height, width, third, fourth] = shape as [number, number, number, number];
  const positions = height * width;
  const result = new Float32Array(data.length);
  let to = 0;
  for (let d = 0; d < fourth; d++) {
    for (let c = 0; c < third; c++) {
      for (let position = 0; position < positions; position++) {
        result[to++] = data[(position * third + c) * fourth + d]!;
      }
    }
  }
  return result;
}
