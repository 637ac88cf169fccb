import { connectedComponents, type Components } from '@interseg/metrics';
import { applyAffine, determinant, type Affine } from '@interseg/nifti';
import type { MaskObject, Position } from './protocol.ts';

/** The grid of a label map, first axis fastest. */
export interface Grid {
  readonly shape: readonly number[];
  readonly affine: Affine;
}

/** The mask of a class as `@interseg/metrics` takes it: row-major. */
export function maskOf(labels: ArrayLike<number>, values: readonly number[], { shape }: Grid) {
  const data = new Uint8Array(labels.length);
  for (let voxel = 0; voxel < data.length; voxel++) data[voxel] = values.includes(labels[voxel]!) ? 1 : 0;
  return { data, shape: [...shape].reverse() };
}

/** The objects of a class in a label map, in the order of their first voxels. */
export function classObjects(labels: ArrayLike<number>, values: readonly number[], grid: Grid): MaskObject[] {
  return describeObjects(connectedComponents(maskOf(labels, values, grid)), grid);
}

/** Sizes and places of connected components, by their labels. */
export function describeObjects({ labels, count, sizes }: Components, { shape, affine }: Grid): MaskObject[] {
  const [columns, rows] = shape as [number, number];
  const place = (voxel: number): Position => [
    voxel % columns,
    Math.floor(voxel / columns) % rows,
    Math.floor(voxel / (columns * rows)),
  ];
  const sums = new Float64Array(3 * count);
  labels.forEach((label, voxel) => {
    if (label > 0) place(voxel).forEach((index, axis) => (sums[3 * (label - 1) + axis]! += index));
  });
  const nearest = new Float64Array(count).fill(Infinity);
  const centers = new Int32Array(count);
  labels.forEach((label, voxel) => {
    if (label === 0) return;
    const object = label - 1;
    const squares = place(voxel).map((index, axis) => (index - sums[3 * object + axis]! / sizes[object]!) ** 2);
    const distance = squares.reduce((sum, square) => sum + square, 0);
    if (distance < nearest[object]!) [nearest[object], centers[object]] = [distance, voxel];
  });
  const millilitres = Math.abs(determinant(affine)) / 1000;
  return sizes.map((voxels, object) => ({
    voxels,
    millilitres: voxels * millilitres,
    position: applyAffine(affine, place(centers[object]!)) as Position,
  }));
}
