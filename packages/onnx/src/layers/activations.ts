import type { OnnxAttribute } from '../writer/encode-model.ts';
import type { OnnxGraph, OnnxValue } from '../writer/onnx-graph.ts';
import { onlyInput, unsuitable, type LayerCall, type LayerWriter } from './layer-call.ts';

/** Activations by their names in saved models, without hyphens and in lower case. */
const activations: Record<string, [operator: string, attributes?: Record<string, OnnxAttribute>]> = {
  elu: ['Elu'],
  hardsigmoid: ['HardSigmoid', { alpha: { float: 0.2 }, beta: { float: 0.5 } }],
  relu: ['Relu'],
  selu: ['Selu'],
  sigmoid: ['Sigmoid'],
  softmax: ['Softmax', { axis: 1 }],
  softplus: ['Softplus'],
  softsign: ['Softsign'],
  tanh: ['Tanh'],
};

const linear = 'linear';

function activationOf(call: LayerCall): string {
  const value = call.config['activation'] ?? linear;
  const name = typeof value === 'string' ? value.toLowerCase().replaceAll('_', '') : '';
  if (name !== linear && !Object.hasOwn(activations, name)) {
    throw unsuitable(call, `the activation ${JSON.stringify(value)}`, [linear, ...Object.keys(activations)].join(', '));
  }
  return name;
}

/**
 * Writes a layer that ends with the activation that its settings name, such as a convolution.
 *
 * @param write adds the layer's own node under the name that it is given
 */
export function withActivation(call: LayerCall, graph: OnnxGraph, write: (name: string) => OnnxValue): OnnxValue {
  const activation = activationOf(call);
  if (activation === linear) return write(call.name);
  const { name, channels } = write(`${call.name}.linear`);
  const [operator, attributes] = activations[activation]!;
  return { name: graph.add(operator, call.name, [name], attributes), channels };
}

/** The layer `Activation`. */
export const writeActivation: LayerWriter = (call, graph) => {
  const { name: input, channels } = onlyInput(call);
  return withActivation(call, graph, (name) => ({ name: graph.add('Identity', name, [input]), channels }));
};

/** The layer `ReLU`, as long as it has no maximum. */
export const writeReLU: LayerWriter = (call, graph) => {
  const { name, channels } = onlyInput(call);
  const maximum = call.config['max_value'] ?? null;
  if (maximum !== null) throw unsuitable(call, `a maximum of ${String(maximum)}`, 'none');
  return { name: graph.add('Relu', call.name, [name]), channels };
};

/** The layer `LeakyReLU`. */
export const writeLeakyReLU: LayerWriter = (call, graph) => {
  const { name, channels } = onlyInput(call);
  const alpha = { float: Number(call.config['alpha'] ?? 0.3) };
  return { name: graph.add('LeakyRelu', call.name, [name], { alpha }), channels };
};

/** The softmax over background and classes, without the background, which comes first. */
export const writeClassProbabilities: LayerWriter = (call, graph) => {
  const { name, channels } = onlyInput(call);
  const bound = (part: string, value: bigint): string =>
    graph.constant(`${call.name}.${part}`, [1], BigInt64Array.of(value));
  const all = graph.add('Softmax', `${call.name}.softmax`, [name], { axis: 1 });
  const slice = [bound('start', 1n), bound('end', BigInt(channels)), bound('axis', 1n)];
  return { name: graph.add('Slice', call.name, [all, ...slice]), channels: channels - 1 };
};
