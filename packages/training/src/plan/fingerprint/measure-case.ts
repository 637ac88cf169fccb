import { createSlicing, type CaseVolume, type ClassDefinition, type Plane } from '@interseg/data';
import { measureObjects, type MeasuredObject } from './objects.ts';

/** One class in one case. */
export interface MeasuredClass {
  readonly voxels: number;
  readonly objects: readonly MeasuredObject[];
}

/** The geometry and the labels of one case, along the slices of a plane. */
export interface MeasuredCase {
  /** Slices, rows, columns. */
  readonly shape: readonly [number, number, number];
  /** Millimetres between slices, rows and columns. */
  readonly spacing: readonly [number, number, number];
  /** In the order of the classes. */
  readonly classes: readonly MeasuredClass[];
  readonly foregroundSlices: number;
  /** The voxels of any class, as indices in the arrays of the case. */
  readonly foreground: Uint32Array;
}

/** Measures a case with labels. */
export function measureCase(
  { labels, shape: extents, affine }: CaseVolume,
  classes: readonly ClassDefinition[],
  plane: Plane,
): MeasuredCase {
  const slicing = createSlicing(extents, affine, plane);
  const { slices, rows, columns, offset, strides, spacing } = slicing;
  const values = new Set(classes.flatMap((definition) => definition.values));
  // Slice by slice, whatever the order of axes in the file.
  const ordered = new Int32Array(slices * rows * columns);
  const foreground: number[] = [];
  let [index, foregroundSlices] = [0, 0];
  for (let slice = 0; slice < slices; slice++) {
    const before = foreground.length;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++, index++) {
        const voxel = offset + slice * strides[0] + row * strides[1] + column * strides[2];
        const label = labels?.[voxel] ?? 0;
        if (!values.has(label)) continue;
        ordered[index] = label;
        foreground.push(voxel);
      }
    }
    if (foreground.length > before) foregroundSlices++;
  }
  const shape = [slices, rows, columns] as const;
  const mask = new Uint8Array(ordered.length);
  return {
    shape,
    spacing,
    classes: classes.map((definition) => {
      const members = new Set(definition.values);
      let voxels = 0;
      for (let at = 0; at < mask.length; at++) voxels += mask[at] = members.has(ordered[at]!) ? 1 : 0;
      return { voxels, objects: voxels === 0 ? [] : measureObjects(mask, shape) };
    }),
    foregroundSlices,
    foreground: Uint32Array.from(foreground),
  };
}
