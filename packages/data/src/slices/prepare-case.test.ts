import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { caseVolume } from '../../test/case-volume.ts';
import { DataError } from '../errors.ts';
import { applyAffine, scalingAffine, type Affine, type Triple } from '../geometry/affine.ts';
import { prepareCase, preparedBytes, type PreparedCase } from './prepare-case.ts';
import type { Plane } from './settings.ts';

const LESION = [{ name: 'lesion', values: [1] }];
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
      prepareCase(volume, LESION, { size, plane, normalization: none });
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
    const prepared = prepareCase(volume, LESION, { size: [2, 4], normalization: none });
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
    const prepared = prepareCase(volume, LESION, { size: [2, 2], normalization: none });
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
    const prepared = prepareCase(volume, LESION, { size: [2, 3], normalization: none, resizing: 'fit' });
    expect(prepared.images).toEqual(Float32Array.of(9, 9, 0, 9, 9, 0));
    expect(prepared.masks).toBeUndefined();
  });

  it('tells constant slices, those with foreground and the others', () => {
    const volume = caseVolume({
      shape: [2, 1, 4],
      channels: [Float32Array.of(0, 0, 1, 2, 1, 2, 5, 5)],
      labels: Uint8Array.of(0, 0, 0, 0, 0, 1, 1, 1),
    });
    const prepared = prepareCase(volume, LESION, { size: [4, 4], normalization: none });
    expect(prepared.kinds).toEqual(['constant', 'background', 'foreground', 'constant']);
  });

  it('says its bytes', () => {
    const volume = caseVolume({ shape: [2, 1, 4], channels: [new Float32Array(8)], labels: new Uint8Array(8) });
    const { bytes, images, masks, labels } = prepareCase(volume, LESION, { size: [4, 4] });
    expect(bytes).toBe(images.byteLength + masks!.byteLength + labels!.byteLength);
    expect(preparedBytes(volume, LESION, { size: [4, 4] })).toBe(4 * 16 * 4 + 4 * 16 + 8);
  });

  it('refuses probabilities of another length', () => {
    const volume = caseVolume({ shape: [2, 1, 4], channels: [new Float32Array(8)] });
    const prepared = prepareCase(volume, LESION, { size: [4, 4] });
    expect(() => prepared.restore(new Float32Array(3))).toThrow(DataError);
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
    const prepared = prepareCase(volume, LESION, { size: [16, 16], normalization: none });
    expect(prepared.slices).toBe(8);
    // In the axial slice through its centre the object is in the right half, where columns are large.
    const columns: number[] = [];
    for (let row = 0; row < 16; row++)
      for (let column = 0; column < 16; column++) if (pixel(prepared, 4, row, column) === 1) columns.push(column);
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
    const prepared = prepareCase(volume, LESION, { size: [24, 24] });
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
