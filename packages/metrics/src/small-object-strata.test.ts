import { describe, expect, it } from 'vitest';
import { drawn } from '../test/masks.ts';
import { objectWiseDetection } from './object-wise-detection.ts';
import { smallObjectStrata, stratifyObjects } from './small-object-strata.ts';

// Objects of 1, 1, 2 and 6 voxels; found: one of the single voxels, half of the two, five of the six.
const reference = drawn(
  `
  #.#.##.
  .......
  ###....
  ###....`,
  [10, 5],
);
const prediction = drawn(`
  #...#..
  .......
  ###....
  ##...#.`);

describe('smallObjectStrata', () => {
  it('gives values computed by hand, by voxels', () => {
    expect(smallObjectStrata(prediction, reference, { boundaries: [2, 6], unit: 'voxels' })).toEqual([
      {
        name: '< 2',
        lower: 0,
        upper: 2,
        objects: 2,
        detected: 1,
        detectionRate: 0.5,
        dice: 0.5,
        sensitivity: 0.5,
        falsePositives: 1,
      },
      {
        name: '2 to 6',
        lower: 2,
        upper: 6,
        objects: 1,
        detected: 1,
        detectionRate: 1,
        dice: 2 / 3,
        sensitivity: 0.5,
        falsePositives: 0,
      },
      {
        name: '≥ 6',
        lower: 6,
        upper: Infinity,
        objects: 1,
        detected: 1,
        detectionRate: 1,
        dice: 10 / 11,
        sensitivity: 5 / 6,
        falsePositives: 0,
      },
    ]);
  });

  it('goes by physical volume by default', () => {
    // A voxel is 50: the objects measure 50, 50, 100 and 300.
    expect(smallObjectStrata(prediction, reference).map((stratum) => stratum.objects)).toEqual([2, 2, 0]);
    const [small, large] = smallObjectStrata(prediction, reference, { boundaries: [300] });
    expect([small!.objects, large!.objects]).toEqual([3, 1]);
    expect(smallObjectStrata(prediction, reference, { boundaries: [] })[0]).toMatchObject({ name: 'all', objects: 4 });
  });

  it('has no means where there are no objects', () => {
    const { objects, detectionRate, dice, sensitivity } = smallObjectStrata(prediction, reference)[2]!;
    expect([objects, detectionRate, dice, sensitivity]).toEqual([0, NaN, NaN, NaN]);
  });

  it('pools the objects of several cases, each counting the same', () => {
    const cases = [objectWiseDetection(prediction, reference), objectWiseDetection(drawn('.'), drawn('#', [10, 5]))];
    const small = stratifyObjects(cases)[0]!;
    expect([small.objects, small.detected, small.dice]).toEqual([3, 1, 1 / 3]);
  });

  it('refuses boundaries that do not ascend', () => {
    expect(() => smallObjectStrata(prediction, reference, { boundaries: [10, 5] })).toThrow(
      'boundaries are [10, 5], expected ascending numbers above 0.',
    );
    expect(() => stratifyObjects([], { boundaries: [0, 5] })).toThrow('boundaries are [0, 5]');
    expect(() => stratifyObjects([], { boundaries: [NaN] })).toThrow('boundaries are [NaN]');
  });
});
