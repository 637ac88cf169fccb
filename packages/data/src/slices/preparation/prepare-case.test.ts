import { OptionError } from '@interseg/errors';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { caseVolume } from '../../../test/case-volume.ts';
import { applyAffine, scalingAffine, type Affine, type Triple } from '@interseg/nifti';
import { prepareCase, preparedBytes } from './prepare-case.ts';
import type { PreparedCase } from './prepared-case.ts';
import type { Plane } from '../slice-settings.ts';

const lesion = [{ name: 'lesion', values: [1] }];
const none = { kind: 'none' } as const;

/** Pixel (row, column) of a channel of a slice. */
const pixel = (prepared: PreparedCase, slice: number, row: number, column: number, channel = 0): number =>
  prepared.images[((slice * prepared.size[0] + row) * prepared.size[1] + column) * prepared.channels + channel]!;

/** The masks as a network that is certain would give them back. */
const certain = (prepared: PreparedCase): Float32Array => Float32Array.from(prepared.masks!);

describe('prepareCase', () => {
  it('cuts along the planes: rows and columns grow towards front, head and right', () => {
    // Values tell the place: x + 10 y + 100 z.
    const shape: Triple = [2, 3, 4];
    const values = Float32Array.from(
      { length: 24 },
      (_, i) => (i % 2) + 10 * (Math.floor(i / 2) % 3) + 100 * Math.floor(i / 6),
    );
    const volume = caseVolume({ shape, channels: [values] });
    const cut = (plane: Plane, size: [number, number]): PreparedCase =>
      prepareCase(volume, lesion, { size, plane, normalization: none });
    const axial = cut('axial', [3, 2]);
    expect([axial.slices, pixel(axial, 3, 2, 1)]).toEqual([4, 321]);
    const coronal = cut('coronal', [4, 2]);
    expect([coronal.slices, pixel(coronal, 2, 3, 1), pixel(coronal, 1, 3, 0)]).toEqual([3, 321, 310]);
    const sagittal = cut('sagittal', [4, 3]);
    expect([sagittal.slices, pixel(sagittal, 1, 3, 2), pixel(sagittal, 0, 3, 1)]).toEqual([2, 321, 310]);
  });

  it('puts channels and classes last, classes may overlap', () => {
    const volume = caseVolume({
      shape: [2, 1, 1],
      channels: [Float32Array.of(1, 2), Float32Array.of(3, 4)],
      labels: Uint8Array.of(1, 4),
    });
    const classes = [
      { name: 'whole', values: [1, 4] },
      { name: 'core', values: [4] },
    ];
    const prepared = prepareCase(volume, classes, { size: [1, 2], normalization: none });
    expect(prepared).toMatchObject({ slices: 1, channels: 2, classes: 2 });
    expect(prepared.images).toEqual(Float32Array.of(1, 3, 2, 4));
    expect(prepared.masks).toEqual(Uint8Array.of(1, 0, 1, 1));
  });

  it('centres small slices between zeros', () => {
    const volume = caseVolume({ shape: [1, 1, 1], channels: [Float32Array.of(9)], labels: Uint8Array.of(1) });
    const prepared = prepareCase(volume, lesion, { size: [2, 4], normalization: none });
    expect(prepared.images).toEqual(Float32Array.of(0, 9, 0, 0, 0, 0, 0, 0));
    expect(prepared.masks).toEqual(Uint8Array.of(0, 1, 0, 0, 0, 0, 0, 0));
    expect(prepared.restore(prepared.images)).toEqual([Float32Array.of(9)]);
  });

  it('shrinks large slices by one factor for both axes', () => {
    // 4 columns × 2 rows into 2 × 2: halved, so 2 columns × 1 row, put into the first row.
    const volume = caseVolume({
      shape: [4, 2, 1],
      channels: [Float32Array.of(0, 2, 4, 6, 8, 10, 12, 14)],
      labels: Uint8Array.of(0, 0, 0, 0, 0, 1, 0, 0),
    });
    const prepared = prepareCase(volume, lesion, { size: [2, 2], normalization: none });
    expect(prepared.images).toEqual(Float32Array.of(5, 9, 0, 0));
    // The centre of the first fitted pixel lies in row 1, column 1.
    expect(prepared.masks).toEqual(Uint8Array.of(1, 0, 0, 0));
    // Back: columns at −¼, ¼, ¾, 1¼ of the centres of two, every row alike.
    expect(prepared.restore(Float32Array.of(0, 1, 0, 0))).toEqual([
      Float32Array.of(0, 0.25, 0.75, 1, 0, 0.25, 0.75, 1),
    ]);
  });

  it('enlarges only when asked to', () => {
    const volume = caseVolume({ shape: [1, 1, 1], channels: [Float32Array.of(9)] });
    const prepared = prepareCase(volume, lesion, { size: [2, 3], normalization: none, resizing: 'fit' });
    expect(prepared.images).toEqual(Float32Array.of(9, 9, 0, 9, 9, 0));
    expect(prepared.masks).toBeUndefined();
  });

  it('tells constant slices, those with foreground and the others', () => {
    const volume = caseVolume({
      shape: [2, 1, 4],
      channels: [Float32Array.of(0, 0, 1, 2, 1, 2, 5, 5)],
      labels: Uint8Array.of(0, 0, 0, 0, 0, 1, 1, 1),
    });
    const prepared = prepareCase(volume, lesion, { size: [4, 4], normalization: none });
    expect(prepared.kinds).toEqual(['constant', 'background', 'foreground', 'constant']);
  });

  it('says its bytes', () => {
    const volume = caseVolume({ shape: [2, 1, 4], channels: [new Float32Array(8)], labels: new Uint8Array(8) });
    const { bytes, images, masks, labels } = prepareCase(volume, lesion, { size: [4, 4] });
    expect(bytes).toBe(images.byteLength + masks!.byteLength + labels!.byteLength);
    expect(preparedBytes(volume, lesion, { size: [4, 4] })).toBe(4 * 16 * 4 + 4 * 16 + 8);
  });

  it('refuses probabilities of another length', () => {
    const volume = caseVolume({ shape: [2, 1, 4], channels: [new Float32Array(8)] });
    const prepared = prepareCase(volume, lesion, { size: [4, 4] });
    expect(() => prepared.restore(new Float32Array(3))).toThrow(OptionError);
  });

  it('sees every orientation of one head alike, and takes predictions back to where the object is', () => {
    // A head whose lesion is at its right, seen from an oblique grid with axes back, head, left.
    const cos = Math.cos(0.3);
    const sin = Math.sin(0.3);
    const affine: Affine = [
      [sin, 0, -cos, 0],
      [-cos, 0, -sin, 0],
      [0, 1, 0, 0],
      [0, 0, 0, 1],
    ];
    const shape: Triple = [9, 8, 11];
    const labels = new Uint8Array(9 * 8 * 11);
    labels.forEach((_, index) => {
      const [x, y, z] = applyAffine(affine, [index % 9, Math.floor(index / 9) % 8, Math.floor(index / 72)]);
      // The grid spans x from −10 cos to 8 sin; this is near its right end.
      labels[index] = Math.hypot(x - 0, y + 5, z - 4) < 2.2 ? 1 : 0;
    });
    const volume = caseVolume({ shape, channels: [Float32Array.from(labels)], labels, affine });
    const prepared = prepareCase(volume, lesion, { size: [16, 16], normalization: none });
    expect(prepared.slices).toBe(8);
    // In the axial slice through its centre the object is in the right half, where columns are large.
    const columns: number[] = [];
    for (let row = 0; row < 16; row++) {
      for (let column = 0; column < 16; column++) if (pixel(prepared, 4, row, column) === 1) columns.push(column);
    }
    expect(columns.length).toBeGreaterThan(5);
    expect(Math.min(...columns)).toBeGreaterThanOrEqual(8);
    expect(prepared.restore(certain(prepared))).toEqual([Float32Array.from(labels)]);
  });

  it('restores exactly what was not resized, on any grid, plane and number of classes', () => {
    const axis = fc.integer({ min: -30, max: 29 }).map((tenths) => (tenths + 0.5) / 10);
    const matrix = fc.array(fc.array(axis, { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 3 });
    const extent = fc.integer({ min: 1, max: 6 });
    fc.assert(
      fc.property(
        matrix,
        fc.tuple(extent, extent, extent),
        fc.constantFrom<Plane>('axial', 'coronal', 'sagittal'),
        fc.integer({ min: 1, max: 3 }),
        (rows, shape, plane, count) => {
          const affine = [...rows.map((row) => [...row, 0]), [0, 0, 0, 1]];
          const length = shape[0] * shape[1] * shape[2];
          const labels = Uint8Array.from({ length }, (_, index) => ((index * 7 + 3) % 5) % (count + 1));
          const classes = Array.from({ length: count }, (_, index) => ({ name: `c${index}`, values: [index + 1] }));
          const volume = caseVolume({ shape, channels: [new Float32Array(length)], labels, affine });
          const prepared = prepareCase(volume, classes, { size: [7, 6], plane });
          const expected = classes.map((_, index) =>
            Float32Array.from(labels, (value) => (value === index + 1 ? 1 : 0)),
          );
          expect(prepared.restore(certain(prepared))).toEqual(expected);
        },
      ),
      { seed: 8 },
    );
  });

  it('comes back within half a pixel when it was shrunk', () => {
    const shape: Triple = [60, 40, 3];
    const labels = new Uint8Array(60 * 40 * 3);
    labels.forEach((_, index) => {
      labels[index] = Math.hypot((index % 60) - 41, (Math.floor(index / 60) % 40) - 12) < 7 ? 1 : 0;
    });
    const volume = caseVolume({
      shape,
      channels: [Float32Array.from(labels)],
      labels,
      affine: scalingAffine([-1, 1, 1]),
    });
    const prepared = prepareCase(volume, lesion, { size: [24, 24] });
    const [restored] = prepared.restore(certain(prepared));
    let both = 0;
    let either = 0;
    labels.forEach((value, index) => {
      both += Number(value === 1 && restored![index]! >= 0.5);
      either += Number(value === 1) + Number(restored![index]! >= 0.5);
    });
    // A shift by one pixel of the original grid would give a Dice below 0.91.
    expect((2 * both) / either).toBeGreaterThan(0.94);
  });
});

describe('with a spacing', () => {
  /** Rows 3 mm apart and columns 1.5 mm, first axis against the canonical one. */
  const affine: Affine = [
    [-1.5, 0, 0, 40],
    [0, 3, 0, -20],
    [0, 0, 5, 7],
    [0, 0, 0, 1],
  ];

  it('makes pixels square and of that size, whatever the grid, and says so', () => {
    const volume = caseVolume({ shape: [8, 6, 1], channels: [new Float32Array(48)], affine });
    // 12 mm × 18 mm at 1.5 mm per pixel: 8 columns, 12 rows.
    const prepared = prepareCase(volume, lesion, { size: [16, 16], spacing: 1.5 });
    expect(prepared.pixel).toEqual([1.5, 1.5]);
    const filled = caseVolume({ shape: [8, 6, 1], channels: [new Float32Array(48).fill(5)], affine });
    const { images } = prepareCase(filled, lesion, { size: [16, 16], spacing: 1.5, normalization: none });
    expect(images.filter((value) => value === 5)).toHaveLength(12 * 8);
    // In the middle: two rows and four columns of zeros on each side.
    expect([images[2 * 16 + 4], images[13 * 16 + 11], images[1 * 16 + 4], images[2 * 16 + 3]]).toEqual([5, 5, 0, 0]);
  });

  it('takes an object of known place there and back, on the side on which it is', () => {
    // One voxel at column 1 of the file, which is on the right of the canonical grid, and row 4.
    const labels = new Uint8Array(48);
    labels[4 * 8 + 1] = 1;
    const channels = [Float32Array.from(labels, (value) => 1 + value)];
    const volume = caseVolume({ shape: [8, 6, 1], channels, labels, affine });
    const prepared = prepareCase(volume, lesion, { size: [16, 16], spacing: 1.5, normalization: none });
    // Canonical column 6 of 8 and row 4 of 6, which is now two rows.
    const expected = [(2 + 8) * 16 + 4 + 6, (2 + 9) * 16 + 4 + 6];
    expect([...prepared.masks!.keys()].filter((at) => prepared.masks![at] === 1)).toEqual(expected);
    expect(prepared.restore(certain(prepared))[0]).toEqual(Float32Array.from(labels));
  });

  it('undoes every spacing, size and way of resizing: a pixel comes back to where it was, or was cut', () => {
    const settings = fc.record({
      spacing: fc.double({ min: 0.5, max: 4, noNaN: true }),
      size: fc.tuple(fc.integer({ min: 4, max: 40 }), fc.integer({ min: 4, max: 40 })),
      resizing: fc.constantFrom('shrink', 'fit', 'crop', 'patch'),
    });
    const ramp = (axis: 0 | 1): Float32Array =>
      Float32Array.from({ length: 20 * 12 }, (_, at) => (axis === 0 ? at % 20 : Math.floor(at / 20)));
    fc.assert(
      fc.property(settings, ({ spacing, size, resizing }) => {
        const volume = caseVolume({ shape: [20, 12, 1], channels: [ramp(0), ramp(1)], affine });
        const prepared = prepareCase(volume, [], { spacing, size, resizing, normalization: none });
        // As if the network gave back the places that it is shown, and a third class that is everywhere.
        const pixels = prepared.size[0] * prepared.size[1];
        const given = new Float32Array(3 * pixels);
        for (let at = 0; at < pixels; at++) {
          given.set([prepared.images[2 * at]!, prepared.images[2 * at + 1]!, 1], 3 * at);
        }
        const three = ['x', 'y', 'everywhere'].map((name, index) => ({ name, values: [index + 1] }));
        const [x, y, seen] = prepareCase(volume, three, { spacing, size, resizing, normalization: none }).restore(
          given,
        );
        // A pixel of the network's grid, in voxels.
        const [stepX, stepY] = [Math.max(1, prepared.pixel[1] / 1.5), Math.max(1, prepared.pixel[0] / 3)];
        for (let at = 0; at < 240; at++) {
          if (resizing === 'crop' && seen![at]! < 0.9999) continue;
          expect(seen![at]).toBeCloseTo(1, 4);
          expect(Math.abs(x![at]! - (at % 20))).toBeLessThanOrEqual(0.5 * stepX);
          expect(Math.abs(y![at]! - Math.floor(at / 20))).toBeLessThanOrEqual(0.5 * stepY);
        }
      }),
    );
  });

  it('cuts the middle out with crop, and finds nothing outside it', () => {
    const values = Float32Array.from({ length: 5 * 6 }, (_, at) => at + 1);
    const volume = caseVolume({ shape: [5, 6, 1], channels: [values] });
    const prepared = prepareCase(volume, lesion, { size: [2, 8], resizing: 'crop', normalization: none });
    // Rows 2 and 3 of six; five columns with one column of zeros before and two after.
    expect(prepared.images).toEqual(Float32Array.of(0, 11, 12, 13, 14, 15, 0, 0, 0, 16, 17, 18, 19, 20, 0, 0));
    const [back] = prepared.restore(prepared.images);
    expect(back).toEqual(values.map((value) => (value >= 11 && value <= 20 ? value : 0)));
  });

  it('keeps every pixel with patch, also of slices that are larger than the network along one axis alone', () => {
    const values = Float32Array.from({ length: 5 * 6 }, (_, at) => at + 1);
    const labels = Uint8Array.from(values, (value) => (value === 1 || value >= 29 ? 1 : 0));
    const volume = caseVolume({ shape: [5, 6, 1], channels: [values], labels });
    const prepared = prepareCase(volume, lesion, { size: [2, 8], resizing: 'patch', normalization: none });
    expect(prepared.size).toEqual([6, 8]);
    expect([...prepared.images.subarray(0, 8)]).toEqual([0, 1, 2, 3, 4, 5, 0, 0]);
    expect([...prepared.images].filter((value) => value > 0)).toEqual([...values]);
    // Two objects: their classes, first runs and pixels.
    expect([...prepared.objects!.objects]).toEqual([0, 0, 1, 0, 1, 2]);
    const { images, masks, labels: own, objects } = prepared;
    const lists = objects!.firsts.byteLength + objects!.objects.byteLength + objects!.runs.byteLength;
    expect(prepared.bytes).toBe(images.byteLength + masks!.byteLength + own!.byteLength + lists);
    expect(prepared.restore(prepared.images)).toEqual([values]);
  });

  it('refuses one that is none', () => {
    const volume = caseVolume({ shape: [1, 1, 1], channels: [Float32Array.of(1)] });
    expect(() => prepareCase(volume, [], { size: [4, 4], spacing: 0 })).toThrow(
      'The option spacing is 0, expected millimetres above 0.',
    );
  });
});
