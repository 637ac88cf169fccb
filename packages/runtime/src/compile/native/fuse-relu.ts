import { normalizationOperations } from '../../native/kernels/normalization.ts';
import type { RecordedNode, Recording, Source } from './recording.ts';
import { keyOf } from './sources.ts';

/**
 * Makes a ReLU part of the normalisation before it, and its gradient part of that of the normalisation, with the same
 * numbers: each is two passes over the features less. Only InterSeg's own operation can do that; a reshape in between
 * stays. Nodes keep their places, and TensorFlow prunes those that no longer have a user.
 */
export function fuseRelu(recording: Recording): Recording {
  const nodes = [...recording.nodes];
  const users = countUsers(recording);
  const onlyUserOf = (source: Source | undefined): boolean => source !== undefined && users.get(keyOf(source)) === 1;
  /** The node of an operation that a source comes from, if nothing else uses what it gives. */
  const findBefore = (source: Source | undefined, operation: string): number | undefined => {
    const isFound = source?.from === 'node' && source.output === 0 && nodes[source.node]!.operation === operation;
    return isFound && onlyUserOf(source) ? source.node : undefined;
  };
  const normalizationOf = new Map<number, number>();
  recording.nodes.forEach((node, index) => {
    if (node.operation !== 'Relu') return;
    const reshape = findBefore(node.inputs[0], 'Reshape');
    const normalization =
      reshape === undefined ? undefined : findBefore(nodes[reshape]!.inputs[0], normalizationOperations.forward);
    if (reshape === undefined || normalization === undefined) return;
    nodes[normalization] = withRelu(nodes[normalization]!);
    nodes[index] = nodes[reshape]!;
    normalizationOf.set(index, normalization);
  });
  recording.nodes.forEach((node, index) => {
    if (node.operation !== normalizationOperations.gradient) return;
    const reshape = findBefore(node.inputs[1], 'Reshape');
    const relu = reshape === undefined ? undefined : findBefore(nodes[reshape]!.inputs[0], 'ReluGrad');
    if (reshape === undefined || relu === undefined) return;
    const [dy, features] = nodes[relu]!.inputs as [Source, Source];
    const normalization = features.from === 'node' ? normalizationOf.get(features.node) : undefined;
    if (normalization === undefined || !isGradientOf(node, normalization, nodes[normalization]!)) return;
    nodes[reshape] = { ...nodes[reshape]!, inputs: [dy, ...nodes[reshape]!.inputs.slice(1)] };
    const shift = nodes[normalization]!.inputs[2]!;
    nodes[index] = { ...node, operation: normalizationOperations.reluGradient, inputs: [...node.inputs, shift] };
  });
  return { ...recording, nodes };
}

function withRelu(node: RecordedNode): RecordedNode {
  return { ...node, attributes: [...node.attributes, { name: 'relu', kind: 'bool', value: true }] };
}

/** Whether a gradient has the input, the scale and the statistics of a normalisation. */
function isGradientOf({ inputs }: RecordedNode, index: number, normalization: RecordedNode): boolean {
  const [x, scale] = normalization.inputs as [Source, Source];
  const expected: Source[] = [x, scale, ...[1, 2].map((output) => ({ from: 'node', node: index, output }) as const)];
  return [0, 2, 3, 4].every((at, k) => keyOf(inputs[at]!) === keyOf(expected[k]!));
}

/** How often the value of each source is used, by its key. */
function countUsers({ nodes, results, updates }: Recording): Map<string, number> {
  const users = new Map<string, number>();
  const sources = [...nodes.flatMap(({ inputs }) => inputs), ...[...results, ...updates].map(({ source }) => source)];
  for (const source of sources) users.set(keyOf(source), (users.get(keyOf(source)) ?? 0) + 1);
  return users;
}
