import { JoinBatch, SplitBatch } from '@interseg/core-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';

/** Puts the image's and the mask's batch one after the other: one pass through shared layers serves both. */
export function join(name: string, image: SymbolicTensor, mask: SymbolicTensor): SymbolicTensor {
  return new JoinBatch({ name: `join_${name}` }).apply([image, mask]) as SymbolicTensor;
}

/** The image's and the mask's half of a joined batch. */
export function split(name: string, joined: SymbolicTensor): [SymbolicTensor, SymbolicTensor] {
  return new SplitBatch({ name: `split_${name}` }).apply(joined) as [SymbolicTensor, SymbolicTensor];
}

/** Splits each level, and the logits of a head that both halves share. */
export function splitAll(
  joinedFeatures: readonly SymbolicTensor[],
  joinedLogits: SymbolicTensor,
): { logits: SymbolicTensor; maskLogits: SymbolicTensor; features: SymbolicTensor[]; targets: SymbolicTensor[] } {
  const halves = joinedFeatures.map((tensor, level) => split(`y_${level}`, tensor));
  const [logits, maskLogits] = split('logits', joinedLogits);
  return { logits, maskLogits, features: halves.map((half) => half[0]), targets: halves.map((half) => half[1]) };
}
