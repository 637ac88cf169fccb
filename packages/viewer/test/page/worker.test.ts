import { encodeNifti, readNifti, scalingAffine } from '@interseg/nifti';
import { describe, expect, it } from 'vitest';
import { stepBetween } from '../../page/src/view/color-table.ts';
import { compare } from '../../page/src/worker/compare.ts';
import { doubtsAbout } from '../../page/src/worker/doubts.ts';
import { classObjects } from '../../page/src/worker/objects.ts';

const affine = scalingAffine([-1, 2, 5], [10, 20, 30]);
const shape = [6, 4, 2];
const grid = { shape, affine };

/** A label map with some voxels set. */
function labels(...voxels: readonly (readonly [x: number, y: number, z: number, value: number])[]): Uint8Array {
  const data = new Uint8Array(48);
  for (const [x, y, z, value] of voxels) data[x + 6 * y + 24 * z] = value;
  return data;
}

describe('the objects of a class', () => {
  it('have their size, and a voxel in their middle as their place', () => {
    const map = labels([0, 0, 0, 1], [1, 0, 0, 1], [2, 0, 0, 2], [5, 3, 1, 1], [4, 3, 1, 7]);
    expect(classObjects(map, [1, 2], grid)).toEqual([
      { voxels: 3, millilitres: 0.03, position: [9, 20, 30] },
      { voxels: 1, millilitres: 0.01, position: [5, 26, 35] },
    ]);
  });

  it('have a place of their own, even where they are hollow', () => {
    const ring = labels([1, 0, 0, 1], [2, 1, 0, 1], [1, 2, 0, 1], [0, 1, 0, 1]);
    const [right, anterior, superior] = classObjects(ring, [1], grid)[0]!.position;
    const [x, y, z] = [10 - right, (anterior - 20) / 2, (superior - 30) / 5];
    expect(ring[x + 6 * y + 24 * z]).toBe(1);
  });
});

describe('a comparison', () => {
  const classes = [
    { name: 'a', values: [1] },
    { name: 'b', values: [2] },
  ];
  const encode = async (data: Uint8Array, more = {}) => {
    const bytes = await encodeNifti({ data, shape, affine, ...more }, { labels: true });
    return new File([bytes], 'reference.nii.gz');
  };

  it('has Dice, and the objects that are missed and too many, class by class', async () => {
    const mask = await encode(labels([0, 0, 0, 1], [1, 0, 0, 1], [5, 3, 1, 1]));
    const reference = await encode(labels([1, 0, 0, 1], [3, 0, 1, 2]));
    const { classes: compared, marks } = await compare(classes, mask, reference);
    expect(compared).toEqual([
      {
        name: 'a',
        dice: 0.5,
        objects: 1,
        missed: [],
        surplus: [{ voxels: 1, millilitres: 0.01, position: [5, 26, 35] }],
      },
      {
        name: 'b',
        dice: 0,
        objects: 1,
        missed: [{ voxels: 1, millilitres: 0.01, position: [7, 20, 35] }],
        surplus: [],
      },
    ]);
    const step = stepBetween(3);
    const { data } = await readNifti(marks);
    expect([...data].flatMap((value, voxel) => (value === 0 ? [] : [[voxel, value]]))).toEqual([
      [3 + 24, step],
      [5 + 18 + 24, 2 * step],
    ]);
  });

  it('has no Dice where both are empty', async () => {
    const empty = await encode(labels());
    const { classes: compared } = await compare(classes, empty, empty);
    expect(compared.map(({ dice, objects }) => [dice, objects])).toEqual([
      [NaN, 0],
      [NaN, 0],
    ]);
  });

  it('refuses another grid, a scan in place of a mask, and a mask of something else', async () => {
    const mask = await encode(labels([0, 0, 0, 1]));
    const shifted = await encode(labels(), { affine: scalingAffine([-1, 2, 5], [10, 20, 33]) });
    await expect(compare(classes, mask, shifted)).rejects.toThrow(
      /^reference\.nii\.gz: its grid lies up to 3 mm from that of the scan, expected at most 0\.1 mm\.$/,
    );
    const scan = new File([await encodeNifti({ data: new Float32Array(48).fill(0.5), shape, affine })], 'scan.nii.gz');
    await expect(compare(classes, mask, scan)).rejects.toThrow(
      'scan.nii.gz: found the value 0.5, expected whole numbers: a mask rather than a scan.',
    );
    await expect(compare(classes, mask, await encode(labels([0, 0, 0, 9])))).rejects.toThrow(
      'reference.nii.gz: found none of the label values of the model, expected 1 (a), 2 (b).',
    );
  });
});

describe('doubts about a scan', () => {
  const doubts = (modality: 'mr' | 'ct', ...values: number[]) =>
    doubtsAbout({ modality, channels: [Float32Array.from(values)], id: 'a.nii' });

  it('are told where its values are those of another modality, or all the same', () => {
    expect(doubts('ct', -1024, 40, 900)).toEqual([]);
    expect(doubts('mr', 0, 812)).toEqual([]);
    expect(doubts('ct', 0, 255)).toEqual([
      'a.nii: its values go from 0 to 255, but the model was trained on CT, where air is near −1000. The mask may be wrong.',
    ]);
    expect(doubts('mr', -1024, 2000)).toEqual([
      'a.nii: its values go from −1024 to 2000, as in CT, but the model was trained on MR. The mask may be wrong.',
    ]);
    expect(doubts('mr', 3, 3)).toEqual(['a.nii: every voxel has the value 3, so there is nothing to see.']);
  });
});
