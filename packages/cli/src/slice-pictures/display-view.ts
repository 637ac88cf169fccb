import type { Plane } from '@interseg/data';
import { orientationFromAffine, toCanonical, type Affine, type TypedNumberArray } from '@interseg/nifti';

/** A view of a voxel grid as a radiologist expects it: slices of rows and columns, first row at the top. */
export interface DisplayView {
  slices: number;
  rows: number;
  columns: number;
  /** Millimetres from slice to slice, row to row, column to column. */
  spacing: readonly [slice: number, row: number, column: number];
  /** The side of the patient at each side of the picture. */
  sides: { left: string; right: string; top: string; bottom: string };
  /** Copies a slice. @param data voxels on the grid, first axis fastest */
  slice(data: TypedNumberArray, index: number): TypedNumberArray;
}

/**
 * For each plane the canonical axes (right, front, head) of slices, rows and columns, and the sides on the left, right, top and
 * bottom. Rows and columns run against their axis: right, front and head come first.
 */
const planes = {
  axial: { axes: [2, 1, 0], sides: ['R', 'L', 'A', 'P'] },
  coronal: { axes: [1, 2, 0], sides: ['R', 'L', 'S', 'I'] },
  sagittal: { axes: [0, 2, 1], sides: ['A', 'P', 'S', 'I'] },
} as const;

/**
 * Views a grid in the radiological convention: the patient's right on the left of the picture, front or head at the top. No
 * value is interpolated.
 */
export function displayView(
  shape: readonly [number, number, number],
  spacing: readonly [number, number, number],
  affine: Affine,
  plane: Plane,
): DisplayView {
  const orientation = orientationFromAffine(affine);
  const extents = orientation.axes.map((axis) => shape[axis]!);
  const lengths = orientation.axes.map((axis) => spacing[axis]!);
  const { axes, sides } = planes[plane];
  const [slices, rows, columns] = axes.map((axis) => extents[axis]!) as [number, number, number];
  const strides = [1, extents[0]!, extents[0]! * extents[1]!];
  const [sliceStride, rowStride, columnStride] = axes.map((axis) => strides[axis]!) as [number, number, number];
  // Reordering a volume costs more than copying a slice, so each volume is reordered only once.
  const canonical = new WeakMap<TypedNumberArray, TypedNumberArray>();
  return {
    slices,
    rows,
    columns,
    spacing: axes.map((axis) => lengths[axis]!) as [number, number, number],
    sides: { left: sides[0], right: sides[1], top: sides[2], bottom: sides[3] },
    slice(data, index) {
      const volume = canonical.get(data) ?? toCanonical(data, shape, orientation).data;
      canonical.set(data, volume);
      const result = new Float32Array(rows * columns);
      for (let row = 0; row < rows; row++) {
        const start = index * sliceStride + (rows - 1 - row) * rowStride;
        for (let column = 0; column < columns; column++) {
          result[row * columns + column] = volume[start + (columns - 1 - column) * columnStride]!;
        }
      }
      return result;
    },
  };
}
