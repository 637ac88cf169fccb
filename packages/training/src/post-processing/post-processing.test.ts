import { createRandom } from '@interseg/data';
import { connectedComponents, dice, objectWiseDetection, type Mask } from '@interseg/metrics';
import { describe, expect, it } from 'vitest';
import { describePostProcessing } from './choose-for-model.ts';
import { choosePostProcessing, triedThresholds } from './choose-post-processing.ts';
import { scoreObjects, tabulateObjects, type CaseObjects } from './tabulate-objects.ts';

const plain = { threshold: 0.5, smallestObject: 0, largestComponent: false };
const generous = { usualSmallest: 1000, largestPart: 0.5 };

describe('tabulateObjects', () => {
  it('scores what is kept as the metrics of the masks themselves do', () => {
    const random = createRandom('objects');
    const shape = [4, 7, 9];
    const spacing = [3, 1, 1];
    for (let run = 0; run < 20; run++) {
      const probabilities = Float32Array.from({ length: 252 }, () => random.next() ** 3);
      const reference: Mask = {
        data: Uint8Array.from({ length: 252 }, () => (random.next() < 0.06 ? 1 : 0)),
        shape,
        spacing,
      };
      const table = tabulateObjects(probabilities, reference, triedThresholds);
      triedThresholds.forEach((threshold, index) => {
        for (const smallestObject of [0, 7]) {
          for (const largestComponent of [false, true]) {
            const above = { data: Uint8Array.from(probabilities, (p) => (p >= threshold ? 1 : 0)), shape, spacing };
            const { labels, sizes } = connectedComponents(above);
            const largest = sizes.indexOf(Math.max(...sizes)) + 1;
            const data = above.data.map((value, voxel) => {
              const label = labels[voxel]!;
              const isKept = sizes[label - 1]! * 3 >= smallestObject && (!largestComponent || label === largest);
              return value === 1 && isKept ? 1 : 0;
            });
            const prediction = { data, shape, spacing };
            const { falsePositives, missed } = objectWiseDetection(prediction, reference);
            expect(scoreObjects(table, index, smallestObject, largestComponent)).toEqual({
              dice: dice(prediction, reference, { emptyValue: 1 }),
              falseObjects: falsePositives.length,
              missedObjects: missed,
            });
          }
        }
      });
    }
  });
});

/** A case on a line of voxels of 1 mm³: of each object its length, its probability, and whether it is in the reference. */
function line(objects: readonly (readonly [length: number, probability: number, isReal: boolean])[]): CaseObjects {
  const probabilities = objects.flatMap(([length, probability]) => [0, ...new Array<number>(length).fill(probability)]);
  const reference = objects.flatMap(([length, , isReal]) => [0, ...new Array<number>(length).fill(isReal ? 1 : 0)]);
  const mask = { data: Uint8Array.from(reference), shape: [reference.length], spacing: [1] };
  return tabulateObjects(Float32Array.from(probabilities), mask, triedThresholds);
}

describe('choosePostProcessing', () => {
  it('drops small objects where they are false', () => {
    const cases = [2, 3, 4, 2].map((length) =>
      line([
        [20, 0.95, true],
        [length, 0.95, false],
        [9, 0.95, true],
      ]),
    );
    const { chosen, plain: before, score } = choosePostProcessing(cases, generous);
    // Between the false objects, up to 4, and the true ones, from 9: √36.
    expect(chosen).toEqual({ ...plain, smallestObject: 6 });
    expect([before.falseObjects, score.falseObjects]).toEqual([4, 0]);
    expect(before.dice).toBeCloseTo((2 * 58) / 60 / 4 + 58 / 61 / 4 + 58 / 62 / 4, 10);
    expect(score).toEqual({ dice: 1, falseObjects: 0, missedObjects: 0 });
    // Objects of this size are usual in training cases.
    expect(choosePostProcessing(cases, { ...generous, usualSmallest: 1 }).chosen).toEqual(plain);
  });

  it('lowers the threshold where objects are faint, and not for what brings false ones', () => {
    const faint = [
      [20, 0.45, true],
      [30, 0.95, true],
    ] as const;
    const cases = Array.from({ length: 5 }, () => line(faint));
    expect(choosePostProcessing(cases, generous)).toEqual({
      chosen: { ...plain, threshold: 0.4 },
      plain: { dice: 0.75, falseObjects: 0, missedObjects: 5 },
      score: { dice: 1, falseObjects: 0, missedObjects: 0 },
    });
    const withFalse = Array.from({ length: 5 }, () => line([...faint, [2, 0.45, false]]));
    // A false object that can be told by its size is no reason against it.
    expect(choosePostProcessing(withFalse, generous).chosen).toMatchObject({ threshold: 0.4, largestComponent: false });
    expect(choosePostProcessing(withFalse, generous).score.falseObjects).toBe(0);
    expect(choosePostProcessing(withFalse, { ...generous, usualSmallest: 0 }).chosen).toEqual(plain);
  });

  it('keeps the largest component alone only where training cases have hardly more', () => {
    const cases = Array.from({ length: 4 }, () =>
      line([
        [40, 0.95, true],
        [30, 0.95, false],
      ]),
    );
    expect(choosePostProcessing(cases, { usualSmallest: 0, largestPart: 0.99 }).chosen).toEqual({
      ...plain,
      largestComponent: true,
    });
    expect(choosePostProcessing(cases, { usualSmallest: 0, largestPart: 0.9 }).chosen).toEqual(plain);
  });

  it('changes nothing by few cases, for one case alone, or where nothing gets better', () => {
    const better = line([
      [20, 0.95, true],
      [3, 0.95, false],
    ]);
    const perfect = line([[20, 0.95, true]]);
    const faint = line([[20, 0.45, true]]);
    const worse = line([
      [20, 0.95, true],
      [1, 0.45, false],
    ]);
    const empty = line([[5, 0.1, false]]);
    expect(choosePostProcessing([better, better, better], generous).chosen).toEqual(plain);
    expect(choosePostProcessing([perfect, perfect, perfect, perfect], generous).chosen).toEqual(plain);
    expect(choosePostProcessing([empty, empty, empty, empty], generous).chosen).toEqual(plain);
    // A threshold of 0.4 gains a whole case, and loses a little in each of the others.
    const { chosen, score } = choosePostProcessing([faint, worse, worse, worse], { ...generous, usualSmallest: 0 });
    expect([chosen, score.dice]).toEqual([plain, 0.75]);
  });
});

it('says what was chosen and what it brought', () => {
  const score = { dice: 0.7, falseObjects: 5, missedObjects: 4 };
  const unchanged = { name: 'cyst', chosen: plain, plain: score, score };
  expect(
    describePostProcessing({
      cases: 6,
      classes: [
        {
          name: 'lesion',
          chosen: { threshold: 0.4, smallestObject: 35.21, largestComponent: false },
          plain: score,
          score: { dice: 0.7312, falseObjects: 2, missedObjects: 4 },
        },
        unchanged,
      ],
    }),
  ).toBe(
    'Post-processing, chosen on 6 validation cases: lesion: threshold 0.4, no objects below 35.2 mm³ (Dice 0.700 → 0.731, false objects 5 → 2, missed objects 4 as before); the other classes are unchanged.',
  );
  expect(describePostProcessing({ cases: 6, classes: [unchanged] })).toBe(
    'Post-processing, chosen on 6 validation cases: none, because nothing did better.',
  );
  expect(describePostProcessing({ cases: 3, classes: [unchanged] })).toMatch(/^Post-processing: none, because 3 /);
});
