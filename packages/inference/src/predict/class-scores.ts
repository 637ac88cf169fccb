/**
 * What is compared with a threshold to decide whether a voxel is of a class, where the probabilities of the classes and the
 * background add up to 1, as those of a softmax do: p/(p + b) with b of the background, which is the probability of the class
 * if only it and the background are possible, and 0 where another class is more probable (the first of equal ones counts as
 * the most probable). With the threshold 0.5 a voxel so is of the most probable of background and classes.
 *
 * @param probabilities one volume for each class
 * @returns as many volumes
 */
export function scoresAgainstBackground(probabilities: readonly Float32Array[]): Float32Array[] {
  const voxels = probabilities[0]?.length ?? 0;
  const scores = probabilities.map(() => new Float32Array(voxels));
  for (let voxel = 0; voxel < voxels; voxel++) {
    let [best, highest, sum] = [0, 0, 0];
    for (let index = 0; index < probabilities.length; index++) {
      const probability = probabilities[index]![voxel]!;
      sum += probability;
      if (probability > highest) [best, highest] = [index, probability];
    }
    if (highest > 0) scores[best]![voxel] = highest / (highest + Math.max(0, 1 - sum));
  }
  return scores;
}
