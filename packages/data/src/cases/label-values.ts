import { DataError } from '@interseg/errors';
import { readNifti, type Volume } from '@interseg/nifti';

/** A label map has few values; an image that stands in its place has many. */
const mostValues = 255;

/**
 * The label values that occur in files, 0 not among them, in order. Reads one file after the other.
 *
 * @throws DataError when a file cannot be read, has a value that is no whole number or below 0, or has so many values that
 * it is no label map
 */
export async function labelValuesInFiles(files: readonly string[]): Promise<number[]> {
  const found = new Set<number>();
  for (const file of files) addLabelValues(found, await readNifti(file), file, mostValues);
  return inOrder(found);
}

/**
 * The values that occur in a label map, 0 not among them, in order.
 *
 * @param path for messages
 * @throws DataError naming the file when a value is no whole number or below 0
 */
export function labelValues(volume: Pick<Volume, 'data'>, path: string): number[] {
  const found = new Set<number>();
  addLabelValues(found, volume, path);
  return inOrder(found);
}

function addLabelValues(found: Set<number>, { data }: Pick<Volume, 'data'>, file: string, most = Infinity): void {
  let last = 0;
  for (const value of data) {
    // Labels come in runs, so that most voxels need no look-up.
    if (value === last) continue;
    last = value;
    if (!Number.isInteger(value) || value < 0) {
      throw new DataError(`${file}: the value ${value}, expected a label map, of whole numbers from 0.`);
    }
    if (value !== 0) found.add(value);
    if (found.size > most) {
      throw new DataError(`${file}: more than ${most} label values, expected a label map.`);
    }
  }
}

function inOrder(values: Iterable<number>): number[] {
  return [...values].sort((a, b) => a - b);
}
