import type { OnnxGraph, OnnxValue } from '../writer/onnx-graph.ts';
import { onlyInput, paddingOf, pairAt, unsuitable, type LayerCall, type LayerWriter } from './layer-call.ts';

/** The layers `MaxPooling2D` and `AveragePooling2D`. */
export function poolingWriter(operator: 'MaxPool' | 'AveragePool'): LayerWriter {
  return (call, graph) => {
    const { name, channels } = onlyInput(call);
    const size = pairAt(call, 'pool_size', 2);
    const strides = (call.config['strides'] ?? null) === null ? size : pairAt(call, 'strides', 2);
    const padding = paddingOf(call) === 'same' ? 'SAME_UPPER' : 'VALID';
    const attributes = { kernel_shape: size, strides, auto_pad: padding };
    return { name: graph.add(operator, call.name, [name], attributes), channels };
  };
}

/** The layer `UpSampling2D`. */
export const writeUpSampling: LayerWriter = (call, graph) => {
  const interpolation = call.config['interpolation'] ?? 'nearest';
  if (interpolation !== 'nearest' && interpolation !== 'bilinear') {
    throw unsuitable(call, `the interpolation ${String(interpolation)}`, 'nearest or bilinear');
  }
  return resize(call, graph, pairAt(call, 'size', 2), interpolation);
};

/** The layer `NearestUpSampling` of `@interseg/core-layers`, which doubles height and width. */
export const writeNearestUpSampling: LayerWriter = (call, graph) => resize(call, graph, [2, 2], 'nearest');

function resize(
  call: LayerCall,
  graph: OnnxGraph,
  factors: readonly number[],
  interpolation: 'nearest' | 'bilinear',
): OnnxValue {
  const { name, channels } = onlyInput(call);
  const scales = graph.constant(`${call.name}.scales`, [4], Float32Array.of(1, 1, ...factors));
  // TensorFlow.js takes output position p from p / factor, without a shift by half a pixel.
  const attributes = {
    coordinate_transformation_mode: 'asymmetric',
    ...(interpolation === 'bilinear' ? { mode: 'linear' } : { mode: 'nearest', nearest_mode: 'floor' }),
  };
  return { name: graph.add('Resize', call.name, [name, '', scales], attributes), channels };
}
