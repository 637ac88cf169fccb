import type { Components } from '../connected-components.ts';

/** How the components of a prediction and of a reference share voxels. */
export interface ObjectOverlaps {
  /** For each reference component (label − 1), the predicted labels that meet it and the number of shared voxels. */
  byReference: Map<number, number>[];
  /** The same for each predicted component. */
  byPrediction: Map<number, number>[];
}

/** Counts the shared voxels of each pair of components. */
export function objectOverlaps(prediction: Components, reference: Components): ObjectOverlaps {
  const byReference = Array.from({ length: reference.count }, () => new Map<number, number>());
  const byPrediction = Array.from({ length: prediction.count }, () => new Map<number, number>());
  for (let index = 0; index < reference.labels.length; index++) {
    const predicted = prediction.labels[index]!;
    const expected = reference.labels[index]!;
    if (predicted === 0 || expected === 0) {
      continue;
    }
    increment(byReference[expected - 1]!, predicted);
    increment(byPrediction[predicted - 1]!, expected);
  }
  return { byReference, byPrediction };
}

/** The sum of the numbers of shared voxels. */
export function sharedVoxels(overlaps: Map<number, number>): number {
  let total = 0;
  for (const voxels of overlaps.values()) {
    total += voxels;
  }
  return total;
}

function increment(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
