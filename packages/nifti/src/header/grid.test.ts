import { describe, expect, it } from 'vitest';
import { file, nifti1, type Fields } from '../../test/handmade.ts';
import type { Affine } from '../affine/affine.ts';
import { readNifti } from '../read/read-nifti.ts';

async function readAffine(fields: Partial<Fields>): Promise<Affine> {
  const header = nifti1({ dim: [3, 1, 1, 1, 1, 1, 1, 1], datatype: 2, pixdim: [1, 2, 3, 4, 0, 0, 0, 0], ...fields });
  return (await readNifti(file(header, [0, 0]))).affine;
}

const sform = [
  [0, 0, -5, 10],
  [6, 0, 0, 20],
  [0, 7, 0, 30],
];
// A quarter turn about z (a = d = √½): i runs to the front, j to the left.
const quarter = Math.SQRT1_2;
const qform = { quatern: [0, 0, quarter] as [number, number, number], qoffset: [1, 2, 3] as [number, number, number] };

function expectClose(actual: Affine, expected: number[][]): void {
  actual.slice(0, 3).forEach((row, r) => row.forEach((v, c) => expect(v).toBeCloseTo(expected[r]![c]!, 5)));
  expect(actual[3]).toEqual([0, 0, 0, 1]);
}

describe('the affine of a NIfTI header', () => {
  it('is the sform when its code is set, whatever the qform says', async () => {
    expectClose(await readAffine({ sform_code: 1, srow: sform, qform_code: 2, ...qform }), sform);
  });

  it('is the qform when only its code is set', async () => {
    const expected = [
      [0, -3, 0, 1],
      [2, 0, 0, 2],
      [0, 0, 4, 3],
    ];
    expectClose(await readAffine({ sform_code: 0, srow: sform, qform_code: 1, ...qform }), expected);
    const flipped = expected.map((row) => row.map((v, column) => (column === 2 ? -v : v)));
    const pixdim = [-1, 2, 3, 4, 0, 0, 0, 0];
    expectClose(await readAffine({ qform_code: 1, ...qform, pixdim }), flipped);
    expectClose(await readAffine({ qform_code: 1, ...qform, pixdim: [0, 2, 3, 4, 0, 0, 0, 0] }), expected);
  });

  it('takes a quaternion that rounding made longer than 1', async () => {
    // A half turn about x: j and k run backwards.
    const expected = [
      [2, 0, 0, 0],
      [0, -3, 0, 0],
      [0, 0, -4, 0],
    ];
    expectClose(await readAffine({ qform_code: 1, quatern: [1.0000002, 0, 0] }), expected);
  });

  it('is made of the spacings when neither code is set, and never of a spacing of 0, NaN or less', async () => {
    const plain = (x: number, y: number, z: number): number[][] => [
      [x, 0, 0, 0],
      [0, y, 0, 0],
      [0, 0, z, 0],
    ];
    expectClose(await readAffine({ srow: sform, ...qform }), plain(2, 3, 4));
    expectClose(await readAffine({ pixdim: [1, -2, NaN, 0, 0, 0, 0, 0] }), plain(2, 1, 1));
  });

  it('is in millimetres when the file is in metres or micrometres', async () => {
    const rows = sform.map((row) => row.map((v) => v * 1000));
    expectClose(await readAffine({ sform_code: 1, srow: sform, xyzt_units: 1 }), rows);
    expectClose(await readAffine({ sform_code: 1, srow: rows, xyzt_units: 3 }), sform);
  });

  it('gets a normal as its third axis when a single slice leaves it empty', async () => {
    // i to the front by 2 mm, j to the head by 3: the normal of a right-handed grid is to the right.
    const srow = [
      [0, 0, 0, 5],
      [2, 0, 0, 6],
      [0, 3, 0, 7],
    ];
    const complete = [
      [0, 0, 4, 5],
      [2, 0, 0, 6],
      [0, 3, 0, 7],
    ];
    expectClose(await readAffine({ dim: [2, 1, 1, 9, 1, 1, 1, 1], sform_code: 1, srow }), complete);
    expectClose(await readAffine({ dim: [3, 1, 1, 1, 1, 1, 1, 1], sform_code: 1, srow }), complete);
    // With a spacing that is left out, 1 mm. In metres, all of it is a thousand times as far.
    const [first, ...others] = complete.map((row) => row.map((value) => 1000 * value));
    expectClose(
      await readAffine({
        dim: [2, 1, 1, 1, 1, 1, 1, 1],
        sform_code: 1,
        srow,
        pixdim: [1, 2, 3, 0, 0, 0, 0, 0],
        xyzt_units: 1,
      }),
      [[0, 0, 1000, first![3]!], ...others],
    );
    // Slices at one place, and a slice without an area, stay errors.
    await expect(readAffine({ dim: [3, 1, 1, 2, 1, 1, 1, 1], sform_code: 1, srow })).rejects.toThrow(/sform/);
    const line = srow.map(([a, , c, d]) => [a!, a!, c!, d!]);
    await expect(readAffine({ dim: [2, 1, 1, 1, 1, 1, 1, 1], sform_code: 1, srow: line })).rejects.toThrow(/sform/);
  });

  it('is refused when it is not finite or flattens the grid', async () => {
    const flat = [sform[0]!, sform[1]!, [0, 0, 0, 30]];
    await expect(readAffine({ sform_code: 1, srow: flat })).rejects.toThrow(/the sform .* maps different voxels/);
    await expect(readAffine({ sform_code: 1, srow: [[NaN, 0, 0, 0], ...sform.slice(1)] })).rejects.toThrow(/sform/);
    await expect(readAffine({ qform_code: 1, quatern: [NaN, 0, 0] })).rejects.toThrow(/qform/);
  });
});
