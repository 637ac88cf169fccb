import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { findPython } from '../../../tools/build/python.ts';
import {
  averageSymmetricSurfaceDistance,
  connectedComponents,
  dice,
  hausdorffDistance,
  jaccard,
  precision,
  sensitivity,
  specificity,
  surfaceDistances,
} from '../src/index.ts';
import { ball, maskPairs } from './masks.ts';

/** Every metric beside medpy, and the components and distances that lie beneath beside scipy, on the same masks. */
const python = await findPython(['numpy', 'scipy.ndimage', 'medpy.metric.binary']);
const folder = await mkdtemp(join(tmpdir(), 'interseg-metrics-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const SCRIPT = `
import json, sys, numpy
from medpy.metric import binary
from scipy import ndimage
out = []
for case in json.load(open(sys.argv[1])):
    a, b = (numpy.array(case[k], dtype=bool).reshape(case['shape']) for k in ('a', 'b'))
    s = case['spacing']
    faces = ndimage.generate_binary_structure(a.ndim, 1)
    border = lambda m: m & ~ndimage.binary_erosion(m, faces)
    to = lambda m, n: numpy.sort(ndimage.distance_transform_edt(~border(n), sampling=s)[border(m)]).tolist()
    sizes = [sorted(numpy.bincount(ndimage.label(b, ndimage.generate_binary_structure(b.ndim, c))[0].ravel())[1:].tolist())
        for c in range(1, a.ndim + 1)]
    rates = [binary.recall(a, b), binary.precision(a, b), binary.specificity(a, b) if (~b).any() else None]
    out.append({'dice': binary.dc(a, b), 'jaccard': binary.jc(a, b), 'rates': rates,
        'hd': binary.hd(a, b, s), 'hd95': binary.hd95(a, b, s), 'asd': [binary.asd(a, b, s), binary.asd(b, a, s)],
        'assd': binary.assd(a, b, s), 'edt': [to(a, b), to(b, a)], 'sizes': sizes})
print(json.dumps(out))
`;

interface Answer {
  dice: number;
  jaccard: number;
  rates: [number, number, number | null];
  hd: number;
  hd95: number;
  asd: [number, number];
  assd: number;
  edt: [number[], number[]];
  sizes: number[][];
}

/** Pairs without an empty mask, which medpy refuses or calls 0. */
const drawn = fc
  .sample(maskPairs, { numRuns: 400, seed: 5 })
  .filter((pair) => pair.every(({ data }) => Array.from(data).some((voxel) => voxel !== 0)));
const grid = [[20, 24, 28] as const, [2.5, 1.1, 0.9]] as const;
const pairs = [
  ...drawn,
  [ball(9, [22, 13, 12], ...grid), ball(7, [26, 15, 10], ...grid)] as const,
  [ball(14, [25, 13, 12], ...grid), ball(3, [5, 2, 2], ...grid)] as const,
];

describe.skipIf(python.skipped)(python.skipped ? `medpy (skipped: ${python.reason})` : 'medpy and scipy', () => {
  it('are there', () => {
    expect(python.reason).toBe('');
  });

  it('give the same numbers for the same definitions', async () => {
    expect(pairs.length).toBeGreaterThan(200);
    const cases = pairs.map(([a, b]) => ({
      a: Array.from(a.data),
      b: Array.from(b.data),
      shape: a.shape,
      spacing: a.spacing,
    }));
    await writeFile(join(folder, 'pairs.json'), JSON.stringify(cases));
    const answers = await python.run<Answer[]>(SCRIPT, [join(folder, 'pairs.json')]);
    for (const [index, [a, b]] of pairs.entries()) {
      const theirs = answers[index]!;
      const { predictionToReference, referenceToPrediction } = surfaceDistances(a, b);
      [predictionToReference, referenceToPrediction].forEach((distances, direction) => {
        const sorted = Float64Array.from(distances).sort();
        expect(sorted).toHaveLength(theirs.edt[direction]!.length);
        sorted.forEach((distance, i) => expect(distance).toBeCloseTo(theirs.edt[direction]![i]!, 10));
      });
      expect(dice(a, b)).toBeCloseTo(theirs.dice, 12);
      expect(jaccard(a, b)).toBeCloseTo(theirs.jaccard, 12);
      expect(sensitivity(a, b)).toBeCloseTo(theirs.rates[0], 12);
      expect(precision(a, b)).toBeCloseTo(theirs.rates[1], 12);
      if (theirs.rates[2] === null) expect(specificity(a, b)).toBeNaN();
      else expect(specificity(a, b)).toBeCloseTo(theirs.rates[2], 12);
      expect(hausdorffDistance(a, b)).toBeCloseTo(theirs.hd, 10);
      expect(hausdorffDistance(a, b, { percentile: 95, definition: 'pooled' })).toBeCloseTo(theirs.hd95, 10);
      expect(averageSymmetricSurfaceDistance(a, b)).toBeCloseTo(theirs.assd, 10);
      const directed = (theirs.asd[0] + theirs.asd[1]) / 2;
      expect(averageSymmetricSurfaceDistance(a, b, { definition: 'directed' })).toBeCloseTo(directed, 10);
      const connectivities = [[2], [4, 8], [6, 18, 26]][b.shape.length - 1]! as (2 | 4 | 8 | 6 | 18 | 26)[];
      connectivities.forEach((connectivity, reach) => {
        expect([...connectedComponents(b, { connectivity }).sizes].sort((x, y) => x - y)).toEqual(theirs.sizes[reach]);
      });
    }
  });
});
