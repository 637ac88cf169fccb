import type { RecordedNode, Recording, Source } from '../../compile/native/recording.ts';
import { keyOf, shapeOf } from '../../compile/native/sources.ts';
import { castAttributes, loweredInputs, types, withBf16 } from './cast-operations.ts';

/**
 * Makes the convolutions of a recording bf16, with the same roundings as operation by operation. What several of them
 * use is rounded once. The nodes keep their places: that of a convolution becomes the cast of its result.
 */
export function castConvolutions(recording: Recording): Recording {
  const nodes = [...recording.nodes];
  const add = (node: RecordedNode): Source => ({ from: 'node', node: nodes.push(node) - 1, output: 0 });
  const rounded = new Map<string, Source>();
  const round = (source: Source): Source => {
    const key = keyOf(source);
    const known = rounded.get(key);
    if (known !== undefined) return known;
    const made = add(castNode(source, shapeOf(recording, source), types.float32, types.bf16));
    rounded.set(key, made);
    return made;
  };
  recording.nodes.forEach((node, index) => {
    const lowered = loweredInputs(node.operation, node.attributes);
    if (lowered === undefined) return;
    const { shape } = node.outputs[0]!;
    const result = add({
      ...node,
      inputs: node.inputs.map((source, at) => (lowered.includes(at) ? round(source) : source)),
      attributes: withBf16(node.attributes),
      outputs: [{ dtype: types.bf16, shape }],
    });
    nodes[index] = castNode(result, shape, types.bf16, types.float32);
  });
  return { ...recording, nodes };
}

function castNode(source: Source, shape: readonly number[], from: number, to: number): RecordedNode {
  return {
    operation: 'Cast',
    attributes: castAttributes(from, to),
    inputs: [source],
    outputs: [{ dtype: to, shape }],
  };
}
