import { onlyInput, vector, weightOf, type LayerCall, type LayerWriter } from './layer-call.ts';

const epsilonOf = ({ config }: LayerCall, otherwise: number) => ({ float: Number(config['epsilon'] ?? otherwise) });

/** The layer `InstanceNormalization` of `@interseg/core-layers`. */
export const writeInstanceNormalization: LayerWriter = (call, graph) => {
  const { name, channels } = onlyInput(call);
  const context = { call, graph, channels };
  const inputs = [name, vector(context, 'gamma', 1), vector(context, 'beta', 0)];
  return { name: graph.add('InstanceNormalization', call.name, inputs, { epsilon: epsilonOf(call, 1e-5) }), channels };
};

/** Batch normalisation by the moving statistics: the layers `BatchNormalization` and `JointBatchNormalization`. */
export const writeBatchNormalization: LayerWriter = (call, graph) => {
  const { name, channels } = onlyInput(call);
  const context = { call, graph, channels };
  const parameters = [
    vector(context, 'gamma', 1),
    vector(context, 'beta', 0),
    vector(context, 'moving_mean'),
    vector(context, 'moving_variance'),
  ];
  const epsilon = epsilonOf(call, 1e-3);
  return { name: graph.add('BatchNormalization', call.name, [name, ...parameters], { epsilon }), channels };
};

/**
 * The layer `GroupNormalization` of `@interseg/core-layers`, as PyTorch writes its own: ONNX has one with a scale for each
 * channel only since version 21 of the operators. Each group becomes one channel, which instance normalisation standardises.
 */
export const writeGroupNormalization: LayerWriter = (call, graph) => {
  const { name, channels } = onlyInput(call);
  const groups = Number(call.config['groups'] ?? 8);
  const part = (suffix: string): string => `${call.name}.${suffix}`;
  const perGroup = (suffix: string, value: number): string =>
    graph.constant(part(suffix), [groups], new Float32Array(groups).fill(value));
  const perChannel = (weight: string): string =>
    graph.constant(part(weight), [channels, 1, 1], weightOf(call, weight, [channels]));

  const shape = graph.add('Shape', part('shape'), [name]);
  // 0 keeps the batch, −1 takes what is left.
  const groupShape = graph.constant(part('group_shape'), [3], BigInt64Array.of(0n, BigInt(groups), -1n));
  const grouped = graph.add('Reshape', part('grouped'), [name, groupShape]);
  const standardized = graph.add(
    'InstanceNormalization',
    part('standardized'),
    [grouped, perGroup('ones', 1), perGroup('zeros', 0)],
    { epsilon: epsilonOf(call, 1e-5) },
  );
  const hasScale = call.weight('gamma') !== undefined;
  const hasShift = call.weight('beta') !== undefined;
  let last = graph.add('Reshape', hasScale || hasShift ? part('ungrouped') : call.name, [standardized, shape]);
  if (hasScale) last = graph.add('Mul', hasShift ? part('scaled') : call.name, [last, perChannel('gamma')]);
  if (hasShift) last = graph.add('Add', call.name, [last, perChannel('beta')]);
  return { name: last, channels };
};
