import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMsd, readCase, readSplit, type CaseVolume, type DataSet } from '@interseg/data';
import { beforeAll, describe, expect, it } from 'vitest';
import { structures, writeColin27 } from '../quickstart/colin27.mjs';

let dataset: DataSet;
let right: CaseVolume;
let left: CaseVolume;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'interseg-colin27-'));
  await writeColin27(folder);
  dataset = await openMsd(folder);
  const read = (id: string) =>
    readCase(
      dataset,
      dataset.cases.find((one) => one.id === id)!,
    );
  right = await read('colin27_right_even');
  left = await read('colin27_left_mirrored');
});

/** Centre of a label in millimetres, and its volume in mm³. */
function region({ labels, shape, affine, spacing }: CaseVolume, label: number) {
  const sum = [0, 0, 0];
  let count = 0;
  for (let v = 0; v < labels!.length; v++) {
    if (labels![v] !== label) continue;
    count++;
    sum[0]! += v % shape[0];
    sum[1]! += Math.floor(v / shape[0]) % shape[1];
    sum[2]! += Math.floor(v / (shape[0] * shape[1]));
  }
  const voxelCenter = sum.map((value) => value / count);
  return {
    center: [0, 1, 2].map((axis) => affine[axis]![axis]! * voxelCenter[axis]! + affine[axis]![3]!),
    volume: count * spacing[0]! * spacing[1]! * spacing[2]!,
  };
}

describe('the quickstart data', () => {
  it('is a data set with a split that holds the left hemisphere back', async () => {
    expect(dataset.classes.map(({ name }) => name)).toEqual(structures.map((name) => name.toLowerCase()));
    expect(dataset.modality).toBe('mr');
    const split = await readSplit(join(dataset.folder, 'split.json'), dataset.cases);
    expect(split).toEqual({
      train: ['colin27_right_even'],
      validation: ['colin27_right_odd'],
      test: ['colin27_left_mirrored'],
    });
    expect(right.shape).toEqual([72, 96, 35]);
    expect(right.spacing).toEqual([1, 1, 2]);
    expect(left.shape).toEqual([72, 96, 70]);
  });

  // Talairach coordinates as anatomy has them: the thalamus some 11 mm beside the midline and 20 mm behind the anterior
  // commissure, the putamen 25 mm beside it, the caudate along the ventricle. The atlas draws each generously.
  it.each([
    ['thalamus', [11, -20, 8]],
    ['putamen', [25, 2, 2]],
    ['caudate', [14, 0, 12]],
  ] as const)('has the %s where anatomy has it, in both hemispheres', (name, expected) => {
    const label = 1 + dataset.classes.findIndex((one) => one.name === name);
    for (const volume of [right, left]) {
      const { center, volume: size } = region(volume, label);
      center.forEach((value, axis) => expect(Math.abs(value - expected[axis]!)).toBeLessThan(6));
      expect(size).toBeGreaterThan(5000);
      expect(size).toBeLessThan(25000);
    }
  });

  it('shows the mirrored left hemisphere as a right one: the same brain, so much alike, but not the same voxels', () => {
    const even = (z: number) => left.channels[0]!.subarray(z * 72 * 96, (z + 1) * 72 * 96);
    const [a, b] = [right.channels[0]!.subarray(17 * 72 * 96, 18 * 72 * 96), even(34)];
    const mean = (t: Float32Array) => t.reduce((s, v) => s + v, 0) / t.length;
    const [ma, mb] = [mean(a), mean(b)];
    let [ab, aa, bb] = [0, 0, 0];
    a.forEach((value, i) => {
      ab += (value - ma) * (b[i]! - mb);
      aa += (value - ma) ** 2;
      bb += (b[i]! - mb) ** 2;
    });
    const correlation = ab / Math.sqrt(aa * bb);
    expect(correlation).toBeGreaterThan(0.6);
    expect(correlation).toBeLessThan(0.99);
  });
});
