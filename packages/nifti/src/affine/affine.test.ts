import { describe, expect, it } from 'vitest';
import {
  affineDistance,
  applyAffine,
  determinant,
  isInvertible,
  scalingAffine,
  spacingFromAffine,
  type Affine,
} from './affine.ts';

// Columns (3, 0, 4) of length 5, (0, 2, 0) and (−4, 0, 3) of length 5; the volume of a voxel is 5·2·5 = 50.
const turned: Affine = [
  [3, 0, -4, 10],
  [0, 2, 0, 20],
  [4, 0, 3, 30],
  [0, 0, 0, 1],
];

describe('affines', () => {
  it('place voxels, have lengths and volumes', () => {
    expect(applyAffine(turned, [1, 2, 3])).toEqual([3 - 12 + 10, 4 + 20, 4 + 9 + 30]);
    expect(spacingFromAffine(turned)).toEqual([5, 2, 5]);
    expect(determinant(turned)).toBe(50);
  });

  it('are invertible unless an axis is missing, not finite, or lies along others', () => {
    expect(isInvertible(turned)).toBe(true);
    expect(isInvertible(scalingAffine([1e-6, 1e-6, 1e-6]))).toBe(true);
    expect(isInvertible(scalingAffine([1, 0, 1]))).toBe(false);
    expect(isInvertible(scalingAffine([1, NaN, 1]))).toBe(false);
    expect(isInvertible([[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], turned[3]!])).toBe(false);
  });

  it('differ by what they do to the corners', () => {
    const scaled = scalingAffine([1.01, 1, 1]);
    // The last of 101 voxels is off by 100 · 0.01 mm.
    expect(affineDistance(scaled, scalingAffine([1, 1, 1]), [101, 5, 5])).toBeCloseTo(1, 10);
    expect(affineDistance(turned, turned, [9, 9, 9])).toBe(0);
  });
});
