/**
 * Values that MONAI publishes in the tests of its `HausdorffDistanceMetric` and `SurfaceDistanceMetric`
 * (Project-MONAI/MONAI, tests/test_hausdorff_distance.py and tests/test_surface_distance.py, Apache-2.0): balls in a
 * volume of 99×99×99 voxels, Euclidean metric.
 */
import { describe, expect, it } from 'vitest';
import { ball } from '../test/masks.ts';
import { averageSymmetricSurfaceDistance } from './average-surface-distance.ts';
import { hausdorffDistance } from './hausdorff-distance.ts';
import { computePercentile } from './internal/percentile.ts';
import { surfaceDistances } from './surface-distances.ts';

const shape = [99, 99, 99];
const anisotropic = [0.85, 1.2, 0.9];

describe("MONAI's published values", () => {
  it.each([
    {
      of: 20,
      at: [20, 20, 20],
      and: 20,
      near: [19, 19, 19],
      directed: 1.7320508075688772,
      symmetric: 1.7320508075688772,
    },
    { of: 33, at: [19, 33, 22], and: 33, near: [20, 33, 22], directed: 1, symmetric: 1 },
    {
      of: 20,
      at: [20, 33, 22],
      and: 40,
      near: [20, 33, 22],
      directed: 20.09975124224178,
      symmetric: 20.223748416156685,
    },
    {
      of: 20,
      at: [20, 33, 22],
      and: 40,
      near: [20, 33, 22],
      percentile: 95,
      directed: 19.924858845171276,
      symmetric: 20.09975124224178,
    },
    {
      of: 20,
      at: [20, 20, 20],
      and: 20,
      near: [19, 19, 19],
      spacing: anisotropic,
      directed: 2.0808651447296143,
      symmetric: 2.2671568,
    },
    {
      of: 15,
      at: [20, 33, 22],
      and: 30,
      near: [20, 33, 22],
      spacing: anisotropic,
      directed: 15.439640998840332,
      symmetric: 15.62594,
    },
  ])('Hausdorff: radius $of at $at and $and at $near, percentile $percentile, spacing $spacing', (one) => {
    const { percentile = 100, spacing } = one;
    const [a, b] = [ball(one.of, one.at, shape, spacing), ball(one.and, one.near, shape, spacing)];
    const { predictionToReference } = surfaceDistances(a, b);
    expect(computePercentile(predictionToReference, percentile) / one.directed).toBeCloseTo(1, 6);
    expect(hausdorffDistance(a, b, { percentile }) / one.symmetric).toBeCloseTo(1, 6);
  });

  it.each([
    {
      of: 33,
      at: [19, 33, 22],
      and: 33,
      near: [20, 33, 22],
      symmetric: 0.35021200688332677,
      directed: 0.3483278807706289,
    },
    {
      of: 20,
      at: [20, 33, 22],
      and: 40,
      near: [20, 33, 22],
      symmetric: 13.975673696300824,
      directed: 12.040033513150455,
    },
  ])('average surface distance: radius $of at $at and $and at $near', (one) => {
    const [a, b] = [ball(one.of, one.at), ball(one.and, one.near)];
    const { predictionToReference: there } = surfaceDistances(a, b);
    expect(averageSymmetricSurfaceDistance(a, b, { definition: 'directed' })).toBeCloseTo(one.symmetric, 7);
    expect(there.reduce((sum, distance) => sum + distance, 0) / there.length).toBeCloseTo(one.directed, 7);
  });

  it('95th percentile of the pooled distances, as its first versions defined it', () => {
    const [a, b] = [ball(20, [20, 33, 22]), ball(40, [20, 33, 22])];
    const hd95 = hausdorffDistance(a, b, { percentile: 95, definition: 'pooled' });
    expect(hd95).toBeCloseTo(20.049937655763422, 7);
  });
});
