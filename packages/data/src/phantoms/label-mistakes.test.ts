import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { readCase } from '../cases/read-case.ts';
import type { DataSet } from '../dataset.ts';
import { createRandom } from '../random/random.ts';
import { generatePhantoms } from './generate.ts';
import { withMistakes } from './label-mistakes.ts';
import { completePhantomOptions, type PhantomOptions } from './options.ts';
import type { PlacedObject } from './place-objects.ts';

const root = await temporaryFolder();
type Listed = Record<string, { center: [number, number, number]; mistake?: string }[]>;
const listed = async ({ folder }: DataSet): Promise<Listed> =>
  JSON.parse(await readFile(join(folder, 'objects.json'), 'utf8')) as Listed;

describe('patients with wrong labels', () => {
  // Two objects, so that there is one that is not forgotten.
  const options: PhantomOptions = {
    patients: 2,
    shape: [64, 64, 24],
    spacing: [2, 2, 2],
    objects: { count: [2, 2], radius: [10, 10] },
    distractors: 0,
    seed: 5,
  };
  let exact: DataSet;

  beforeAll(async () => {
    exact = await generatePhantoms(join(root, 'exact'), options);
  });

  it('have the same images, and objects that are too small by the erosion', async () => {
    const eroded = await generatePhantoms(join(root, 'eroded'), { ...options, erodedMasks: 1, erosion: 2 });
    for (const [index, item] of eroded.cases.entries()) {
      const other = exact.cases[index]!;
      expect((await readFile(item.images[0]!)).equals(await readFile(other.images[0]!))).toBe(true);
      const right = (await readCase(exact, other)).labels!;
      const wrong = (await readCase(eroded, item)).labels!;
      expect(wrong.every((value, voxel) => value === 0 || right[voxel] === value)).toBe(true);
      const count = (labels: ArrayLike<number>): number => Array.from(labels).filter((value) => value > 0).length;
      // A ball of 10 mm that loses 2 mm has (8 / 10)³ = 0.512 of its volume; the flattest of our ellipsoids 0.503.
      expect(count(wrong) / count(right)).toBeGreaterThan(0.46);
      expect(count(wrong) / count(right)).toBeLessThan(0.56);
    }
    const objects = await listed(eroded);
    expect(Object.values(objects).flatMap((list) => list.map(({ mistake }) => mistake))).toEqual(
      Array.from({ length: 4 }, () => 'eroded'),
    );
  });

  it('have one object that is not labelled, and the others as they are', async () => {
    const forgetful = await generatePhantoms(join(root, 'forgetful'), { ...options, forgottenObjects: 1 });
    const objects = await listed(forgetful);
    for (const [index, item] of forgetful.cases.entries()) {
      const list = objects[item.id]!;
      expect(list.map(({ mistake }) => mistake ?? 'none').sort()).toEqual(['forgotten', 'none']);
      const right = (await readCase(exact, exact.cases[index]!)).labels!;
      const wrong = (await readCase(forgetful, item)).labels!;
      const [forgotten, kept] = [list.find(({ mistake }) => mistake)!, list.find(({ mistake }) => !mistake)!];
      right.forEach((value, voxel) => {
        const at = [voxel % 64, Math.floor(voxel / 64) % 64, Math.floor(voxel / 64 ** 2)].map(
          (position, axis) => 2 * position - (axis === 2 ? 23 : 63),
        );
        const distance = (center: number[]): number => Math.hypot(...center.map((mm, axis) => mm - at[axis]!));
        const isOfForgotten = distance(forgotten.center) < distance(kept.center);
        if (wrong[voxel] !== (isOfForgotten ? 0 : value)) throw new Error(`the voxel ${at.join(', ')} of ${item.id}`);
      });
    }
  });
});

it('as many patients as the fractions say are wrong, whatever the seed, and the same ones of more patients', async () => {
  const tiny: PhantomOptions = {
    shape: [12, 12, 4],
    spacing: [14, 14, 14],
    objects: { count: [2, 2], radius: [8, 8] },
    distractors: 0,
    erodedMasks: 0.3,
    forgottenObjects: 0.1,
  };
  const starts = new Set<string>();
  for (const seed of [1, 2, 3]) {
    const set = await generatePhantoms(join(root, `fractions-${seed}`), { ...tiny, patients: 20, unlabelled: 4, seed });
    const objects = await listed(set);
    const patientsWith = (mistake: string): string[] =>
      Object.keys(objects).filter((id) => objects[id]!.some((one) => one.mistake === mistake));
    // 20 · 0.3 and 20 · 0.1; those without labels have no wrong ones.
    expect(patientsWith('eroded')).toHaveLength(6);
    expect(patientsWith('forgotten')).toHaveLength(2);
    expect(set.unlabelled.some(({ id }) => objects[id]!.some(({ mistake }) => mistake))).toBe(false);
    starts.add(patientsWith('forgotten').join());
    const fewer = await generatePhantoms(join(root, `fewer-${seed}`), { ...tiny, patients: 7, seed });
    expect(await listed(fewer)).toEqual(Object.fromEntries(Object.entries(objects).slice(0, 7)));
  }
  expect(starts.size).toBeGreaterThan(1);
});

it('erodes half axes by the millimetres, but to a quarter at most', () => {
  const object: PlacedObject = {
    classIndex: 0,
    radius: 7,
    sign: 1,
    shape: {
      center: [0, 0, 0],
      axes: [4, 8, 12],
      directions: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    },
  };
  const [eroded] = withMistakes([object], { erosion: 6, forgets: false }, createRandom(0));
  expect(eroded!.shape.axes).toEqual([1, 2, 6]);
  expect(withMistakes([object], { erosion: 0, forgets: false }, createRandom(0))[0]).toBe(object);
  expect(withMistakes([], { erosion: 0, forgets: true }, createRandom(0))).toEqual([]);
});

it.each([{ erodedMasks: 1.1 }, { erosion: 0 }, { forgottenObjects: -0.1 }])('refuses %o', (wrong) => {
  expect(() => completePhantomOptions(wrong)).toThrow(`The option ${Object.keys(wrong)[0]} is`);
});
