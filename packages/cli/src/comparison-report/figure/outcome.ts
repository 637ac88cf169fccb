/** A pixel's outcome as an index of `outcomes` plus 1; 0 where neither ground truth nor prediction has anything. */
export function outcomeOf(truth: number, predicted: number): number {
  if (truth === 0) return predicted === 0 ? 0 : 2;
  if (predicted === truth) return 1;
  return predicted === 0 ? 3 : 4;
}

/** The outcomes of a slice, pixel by pixel: a number above 0 for each class, or set of overlapping classes, 0 elsewhere. */
export function outcomesOf(truth: ArrayLike<number>, predicted: ArrayLike<number>): Uint8Array {
  return Uint8Array.from({ length: truth.length }, (_, at) => outcomeOf(truth[at] as number, predicted[at] as number));
}
