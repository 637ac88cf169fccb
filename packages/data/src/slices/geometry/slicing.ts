import {
  type Affine,
  canonicalView,
  orientationFromAffine,
  spacingFromAffine,
  type TypedNumberArray,
} from '@interseg/nifti';
import type { Plane } from '../slice-settings.ts';

/**
 * The slices of a grid along a plane, as strides in its array of voxels: pixel (row, column) of slice s is the element
 * `offset + s·strides[0] + row·strides[1] + column·strides[2]`.
 */
export interface Slicing {
  readonly slices: number;
  readonly rows: number;
  readonly columns: number;
  readonly offset: number;
  readonly strides: readonly [number, number, number];
  /** Millimetres between slices, rows and columns. */
  readonly spacing: readonly [number, number, number];
}

/** For each plane, the canonical axes (x, y, z in RAS+) of slices, rows and columns. */
const canonicalAxes: Readonly<Record<Plane, readonly [0 | 1 | 2, 0 | 1 | 2, 0 | 1 | 2]>> = {
  axial: [2, 1, 0],
  coronal: [1, 2, 0],
  sagittal: [0, 2, 1],
};

/**
 * The slices of a grid along a plane.
 *
 * @param shape the extents as on disk, first axis fastest
 */
export function createSlicing(shape: readonly number[], affine: Affine, plane: Plane): Slicing {
  const orientation = orientationFromAffine(affine);
  const view = canonicalView(shape, orientation);
  const spacing = spacingFromAffine(affine);
  const spacingAlong = (axis: 0 | 1 | 2): number => spacing[orientation.axes[axis]]!;
  const [slices, rows, columns] = canonicalAxes[plane];
  return {
    slices: view.shape[slices],
    rows: view.shape[rows],
    columns: view.shape[columns],
    offset: view.offset,
    strides: [view.strides[slices], view.strides[rows], view.strides[columns]],
    spacing: [spacingAlong(slices), spacingAlong(rows), spacingAlong(columns)],
  };
}

/** Copies a slice from the voxels to `target`, row by row. */
export function extractSlice(data: TypedNumberArray, slicing: Slicing, slice: number, target: TypedNumberArray): void {
  forEachRow(slicing, slice, (start, row) => {
    for (let column = 0; column < slicing.columns; column++) {
      target[row + column] = data[start + column * slicing.strides[2]]!;
    }
  });
}

/** Copies a slice from `source`, row by row, into the voxels. */
export function insertSlice(data: TypedNumberArray, slicing: Slicing, slice: number, source: TypedNumberArray): void {
  forEachRow(slicing, slice, (start, row) => {
    for (let column = 0; column < slicing.columns; column++) {
      data[start + column * slicing.strides[2]] = source[row + column]!;
    }
  });
}

function forEachRow(slicing: Slicing, slice: number, visit: (voxel: number, pixel: number) => void): void {
  const start = slicing.offset + slice * slicing.strides[0];
  for (let row = 0; row < slicing.rows; row++) visit(start + row * slicing.strides[1], row * slicing.columns);
}
