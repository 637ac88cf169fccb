import { unsuitable, type LayerWriter } from './layer-call.ts';

/** The layer `Concatenate`, along the channels. */
export const writeConcatenate: LayerWriter = (call, graph) => {
  const axis = call.config['axis'] ?? -1;
  if (axis !== -1 && axis !== 3) throw unsuitable(call, `the axis ${String(axis)}`, 'that of the channels');
  const names = call.inputs.map(({ name }) => name);
  const channels = call.inputs.reduce((sum, input) => sum + input.channels, 0);
  return { name: graph.add('Concat', call.name, names, { axis: 1 }), channels };
};

/** Layers that combine any number of inputs position by position, one of which may have a single channel for all. */
export function combinationWriter(operator: 'Add' | 'Mul' | 'Max' | 'Min'): LayerWriter {
  return (call, graph) => {
    const [first, ...others] = call.inputs;
    return others.reduce((sum, input, index) => {
      const name = index === others.length - 1 ? call.name : `${call.name}.${index + 1}`;
      return {
        name: graph.add(operator, name, [sum.name, input.name]),
        channels: Math.max(sum.channels, input.channels),
      };
    }, first!);
  };
}

/** Layers that do nothing but in training, such as `Dropout`. */
export const writeIdentity: LayerWriter = (call, graph) => {
  const { name, channels } = call.inputs[0]!;
  return { name: graph.add('Identity', call.name, [name]), channels };
};
