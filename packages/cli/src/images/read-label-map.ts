import { labelValues, type FileGrid } from '@interseg/data';
import { DataError } from '@interseg/errors';
import { readNifti } from '@interseg/nifti';

/** A label map read from a file. */
export interface LabelMap extends FileGrid {
  data: ArrayLike<number>;
  /** The values that occur, without 0, in ascending order. */
  values: number[];
}

/** Reads a label map. @throws DataError when the file is not a NIfTI image with three axes and non-negative whole numbers */
export async function readLabelMap(path: string): Promise<LabelMap> {
  const { data, shape, spacing, affine } = await readNifti(path);
  const [x = 1, y = 1, z = 1, ...rest] = shape;
  if (rest.some((extent) => extent > 1)) {
    throw new DataError(`${path}: found the shape ${shape.join(' × ')}, expected the three axes of a label map.`);
  }
  return {
    data,
    shape: [x, y, z],
    spacing: [spacing[0] ?? 1, spacing[1] ?? 1, spacing[2] ?? 1],
    affine,
    path,
    values: labelValues({ data }, path),
  };
}
