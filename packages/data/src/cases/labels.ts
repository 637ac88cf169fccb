import type { TypedNumberArray } from '@interseg/nifti';
import { DataError } from '@interseg/errors';
import type { LabelArray } from './case-volume.ts';
import type { ClassDefinition } from '../dataset.ts';

/**
 * Converts a label map to the smallest of three integer types that holds all label values. On disk, labels may have a
 * floating-point type, as long as they are whole numbers.
 *
 * @param background values besides 0 that belong to no class
 * @throws DataError if a value is neither 0 nor a value of a class or of the background, naming the value and its voxel
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
    // Labels come in runs, so that most voxels need no lookup.
    if (value !== last) {
      if (!known.has(value)) throw unknownLabel(value, index, classes, file);
      last = value;
    }
    labels[index] = value;
  }
  return labels;
}

/** A new array of zeros that can hold label values up to `largest`. */
export function labelArray(largest: number, length: number): LabelArray {
  if (largest <= 0xff) return new Uint8Array(length);
  return largest <= 0xffff ? new Uint16Array(length) : new Int32Array(length);
}

function unknownLabel(value: number, index: number, classes: readonly ClassDefinition[], file: string): DataError {
  const list = classes.map(({ name, values }) => `${values.join('/')} (${name})`).join(', ');
  return new DataError(
    `${file}: found the label ${Number(value.toPrecision(9))} (voxel ${index} of the file), expected 0 or one of ${list}.`,
  );
}
