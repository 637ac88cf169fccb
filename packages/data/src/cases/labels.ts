import type { TypedNumberArray } from '@interseg/nifti';
import { DataError } from '@interseg/errors';
import type { LabelArray } from './case-volume.ts';
import type { ClassDefinition } from '../layouts/dataset.ts';

/**
 * A label map in the smallest of three integer types that holds the classes' values. Label maps on disk may be floating
 * point as long as the values are whole.
 *
 * @param background further values that are in no class
 * @throws DataError for a value that is neither 0 nor a value of some class or of the background, naming it and its voxel
 */
export function toLabels(
  data: TypedNumberArray,
  classes: readonly ClassDefinition[],
  background: readonly number[],
  file: string,
): LabelArray {
  const known = new Set([0, ...background, ...classes.flatMap(({ values }) => values)]);
  const labels = labelArray(Math.max(...known), data.length);
  let last = 0;
  for (let index = 0; index < data.length; index++) {
    const value = data[index]!;
    // Labels come in runs, so that most voxels need no look-up.
    if (value !== last) {
      if (!known.has(value)) throw unknownLabel(value, index, classes, file);
      last = value;
    }
    labels[index] = value;
  }
  return labels;
}

/** An array of zeros that holds label values up to `largest`. */
export function labelArray(largest: number, length: number): LabelArray {
  if (largest <= 0xff) return new Uint8Array(length);
  return largest <= 0xffff ? new Uint16Array(length) : new Int32Array(length);
}

function unknownLabel(value: number, index: number, classes: readonly ClassDefinition[], file: string): DataError {
  const list = classes.map(({ name, values }) => `${values.join('/')} (${name})`).join(', ');
  return new DataError(
    `${file}: the label ${Number(value.toPrecision(9))} (voxel ${index} of the file), expected 0 or one of ${list}.`,
  );
}
