import { scalingAffine, toCanonical, orientationFromAffine, type Affine } from '@interseg/nifti';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { chooseCases, chooseSlices } from './choose.ts';
import { traceContours, type Point } from './contours.ts';
import { displayView } from './display-view.ts';
import { grayImage, percentileWindow } from './gray-image.ts';
import { slicePicture } from './slice-picture.ts';

/** A mask from rows of characters. */
function maskOf(...rows: string[]) {
  return { data: [...rows.join('')].map((c) => (c === '#' ? 1 : 0)), rows: rows.length, columns: rows[0]!.length };
}

/** Twice the signed area of a polygon. */
function doubleArea(points: readonly Point[]): number {
  return points.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = points[(index + 1) % points.length]!;
    return sum + x * nextY - nextX * y;
  }, 0);
}

describe('contours', () => {
  it('connect the middles of the edges of a pixel', () => {
    const [contour, ...others] = traceContours(maskOf('...', '.#.', '...'));
    expect(others).toEqual([]);
    expect(new Set(contour!.map(String))).toEqual(new Set(['1.5,1', '2,1.5', '1.5,2', '1,1.5']));
  });

  it('have no points within straight runs, and lose only the corners of a rectangle', () => {
    const [contour] = traceContours(maskOf('......', '.####.', '.####.', '......'));
    expect(contour).toHaveLength(8);
    // Each corner cut is a triangle of 1/2 × 1/2 / 2.
    expect(Math.abs(doubleArea(contour!)) / 2).toBeCloseTo(8 - 4 / 8, 10);
  });

  it('outline holes, the other way round', () => {
    const contours = traceContours(maskOf('.....', '.###.', '.#.#.', '.###.', '.....'));
    expect(contours).toHaveLength(2);
    const [outer, inner] = contours.map(doubleArea).sort((a, b) => Math.abs(b) - Math.abs(a));
    expect(Math.sign(outer!)).toBe(-Math.sign(inner!));
  });

  it('keep pixels apart that touch by a corner', () => {
    expect(traceContours(maskOf('#.', '.#'))).toHaveLength(2);
    expect(traceContours(maskOf('.#', '#.'))).toHaveLength(2);
  });

  it('close along the border of the picture, and are none for an empty mask', () => {
    expect(traceContours(maskOf('##', '##'))).toHaveLength(1);
    expect(traceContours(maskOf('..', '..'))).toEqual([]);
  });
});

describe('choosing', () => {
  it('takes the largest area of each class, the largest disagreement, and spreads the others', () => {
    const areas = [
      [0, 0, 1, 5, 1, 0, 0, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 0],
    ];
    const disagreement = [0, 1, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0];
    expect(chooseSlices(areas, disagreement, 3)).toEqual([3, 6, 10]);
    expect(chooseSlices(areas, disagreement, 5)).toEqual([2, 3, 6, 8, 10]);
  });

  it('takes no slice without anything in it', () => {
    expect(chooseSlices([[0, 2, 0, 0]], [0, 0, 1, 0], 4)).toEqual([1, 2]);
    expect(chooseSlices([[0, 0, 0]], [0, 1, 2], 4)).toEqual([1, 2]);
    expect(chooseSlices([[0, 0]], [0, 0], 4)).toEqual([]);
  });

  it('takes cases from the worst to the best, in their order', () => {
    const cases = [5, 1, 9, 3, 7];
    expect(chooseCases(cases, (one) => one, 3)).toEqual([5, 1, 9]);
    expect(chooseCases(cases, (one) => one, 9)).toEqual(cases);
  });
});

describe('display view', () => {
  const shape: [number, number, number] = [2, 3, 4];
  /** The voxel (x, y, z) of a canonical grid has the value 100·x + 10·y + z. */
  const canonical = Float32Array.from({ length: 24 }, (_, i) => {
    return 100 * (i % 2) + 10 * (Math.floor(i / 2) % 3) + Math.floor(i / 6);
  });

  it('shows an axial slice with the front on top and the right on the left', () => {
    const view = displayView(shape, [1, 2, 3], scalingAffine([1, 2, 3]), 'axial');
    expect([view.slices, view.rows, view.columns]).toEqual([4, 3, 2]);
    expect(view.spacing).toEqual([3, 2, 1]);
    expect([...view.slice(canonical, 1)]).toEqual([121, 21, 111, 11, 101, 1]);
    expect(view.sides).toEqual({ left: 'R', right: 'L', top: 'A', bottom: 'P' });
  });

  it('shows coronal and sagittal slices with the head on top', () => {
    const of = (plane: 'coronal' | 'sagittal') => displayView(shape, [1, 2, 3], scalingAffine([1, 2, 3]), plane);
    expect([...of('coronal').slice(canonical, 2)]).toEqual([123, 23, 122, 22, 121, 21, 120, 20]);
    expect([...of('sagittal').slice(canonical, 0)]).toEqual([23, 13, 3, 22, 12, 2, 21, 11, 1, 20, 10, 0]);
  });

  it('does not depend on the order and the directions of the axes in the file', () => {
    // Axes that run to the foot, to the right and to the back: PIR-like, as some scanners write.
    const affine: Affine = [
      [0, 1, 0, 0],
      [0, 0, -2, 4],
      [-3, 0, 0, 9],
      [0, 0, 0, 1],
    ];
    const fileShape: [number, number, number] = [4, 2, 3];
    const orientation = orientationFromAffine(affine);
    const file = new Float32Array(24);
    for (let i = 0; i < 24; i++) {
      const [a, b, c] = [i % 4, Math.floor(i / 4) % 2, Math.floor(i / 8)];
      file[i] = 100 * b + 10 * (2 - c) + (3 - a);
    }
    expect([...toCanonical(file, fileShape, orientation).data]).toEqual([...canonical]);
    const view = displayView(fileShape, [3, 1, 2], affine, 'axial');
    expect(view.spacing).toEqual([3, 2, 1]);
    expect([...view.slice(file, 1)]).toEqual([121, 21, 111, 11, 101, 1]);
  });
});

describe('gray image', () => {
  it('is a PNG whose intensities are windowed and clamped', () => {
    const uri = grayImage([-50, 0, 50, 100, 200, 25], 3, 2, { low: 0, high: 100 });
    const [, base64] = /^data:image\/png;base64,(.*)$/.exec(uri)!;
    const png = PNG.sync.read(Buffer.from(base64!, 'base64'));
    expect([png.width, png.height]).toEqual([3, 2]);
    expect([...png.data].filter((_, index) => index % 4 === 0)).toEqual([0, 0, 128, 255, 255, 64]);
  });

  it('leaves out the voxels around a head, and outliers, when it looks for the window', () => {
    const values = new Float32Array(3000);
    for (let i = 0; i < 1000; i++) values[i] = 100 + i / 10;
    values[1000] = 1e6;
    const { low, high } = percentileWindow(values);
    expect(low).toBeGreaterThan(99);
    expect(high).toBeLessThan(201);
  });
});

describe('picture of a slice', () => {
  const shape: [number, number, number] = [20, 20, 1];
  const spacing: [number, number, number] = [1, 2, 5];
  const view = displayView(shape, spacing, scalingAffine(spacing), 'axial');
  const labels = (...voxels: [number, number, number][]) => {
    const data = new Uint8Array(400);
    for (const [x, y, value] of voxels) data[x + 20 * y] = value;
    return data;
  };
  const source = {
    view,
    image: new Float32Array(400),
    classes: [
      { name: 'a', values: [1] },
      { name: 'b', values: [2] },
    ],
    window: { low: 0, high: 1 },
  };

  it('has outlines in millimetres, where the pixel is seen', () => {
    const picture = slicePicture({ ...source, reference: labels([19, 19, 1]), prediction: labels() }, 0);
    expect([picture.width, picture.height]).toEqual([20, 40]);
    // The most right and front voxel is the first pixel, 1 mm wide and 2 mm high.
    expect(picture.outlines).toEqual([{ kind: 'reference', name: 'a', path: 'M0.5 2L1 1L0.5 0L0 1Z' }]);
    expect(picture.dice).toEqual([{ name: 'a', value: 0 }]);
  });

  it('tells the Dice of the classes that are there, and magnifies what is small', () => {
    const reference = labels([10, 10, 1], [11, 10, 1]);
    const picture = slicePicture({ ...source, reference, prediction: labels([10, 10, 1]) }, 0);
    expect(picture.dice).toEqual([{ name: 'a', value: 2 / 3 }]);
    expect(picture.detail).toBeUndefined();
    const large = displayView([200, 200, 1], [1, 1, 1], scalingAffine([1, 1, 1]), 'axial');
    const spot = new Uint8Array(40000);
    spot[100 + 200 * 100] = 1;
    const detail = slicePicture(
      { ...source, view: large, image: new Float32Array(40000), reference: spot, prediction: spot },
      0,
    ).detail!;
    expect(detail.size).toBe(16);
    // The middle of the pixel is the middle of the detail.
    expect([detail.x + 8, detail.y + 8]).toEqual([99.5, 99.5]);
  });
});
