import { JoinBatch, SplitBatch } from '@interseg/core-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';

/** Joins the batches of image and mask, so that both pass through shared layers at once. */
export function join(name: string, image: SymbolicTensor, mask: SymbolicTensor): SymbolicTensor {
  return new JoinBatch({ name: `join_${name}` }).apply([image, mask]) as SymbolicTensor;
}

/** Splits a joined batch into the halves of image and mask. */
function split(name: string, joined: SymbolicTensor): [SymbolicTensor, SymbolicTensor] {
  return new SplitBatch({ name: `split_${name}` }).apply(joined) as [SymbolicTensor, SymbolicTensor];
}

/** Splits each level, and the logits of a head that both halves share, into image and mask. */
export function splitAll(
  joinedFeatures: readonly SymbolicTensor[],
  joinedLogits: SymbolicTensor,
): { logits: SymbolicTensor; maskLogits: SymbolicTensor; features: SymbolicTensor[]; targets: SymbolicTensor[] } {
  const halves = joinedFeatures.map((tensor, level) => split(`y_${level}`, tensor));
  const [logits, maskLogits] = split('logits', joinedLogits);
  return { logits, maskLogits, features: halves.map((half) => half[0]), targets: halves.map((half) => half[1]) };
}
