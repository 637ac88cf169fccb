import { recipe } from './recipe.ts';
import type { Fingerprint } from './fingerprint/fingerprint.ts';

/** The share of the voxels that the most frequent class has. */
export function largestShare({ classes }: Fingerprint): number {
  return Math.max(...classes.map(({ voxelShare }) => voxelShare));
}

/** Whether every class is rare. */
export function isRare(fingerprint: Fingerprint): boolean {
  return largestShare(fingerprint) <= recipe.rareShare;
}
