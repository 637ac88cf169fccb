import { DataError } from '@interseg/errors';
import { readNifti, type Volume } from '@interseg/nifti';

/** A label map has few values; an image in its place has many. */
const mostValues = 255;

/**
 * The label values other than 0 that occur in files, in ascending order. Reads one file after the other.
 *
 * @throws DataError if a file cannot be read, has a value that is negative or not a whole number, or has so many values
 * that it is not a label map
 */
export async function labelValuesInFiles(files: readonly string[]): Promise<number[]> {
  const found = new Set<number>();
  for (const file of files) addLabelValues(found, await readNifti(file), file, mostValues);
  return inOrder(found);
}

/**
 * The values other than 0 that occur in a label map, in ascending order.
 *
 * @param path the path of the file, for errors
 * @throws DataError if a value is negative or not a whole number
 */
export function labelValues(volume: Pick<Volume, 'data'>, path: string): number[] {
  const found = new Set<number>();
  addLabelValues(found, volume, path);
  return inOrder(found);
}

function addLabelValues(found: Set<number>, { data }: Pick<Volume, 'data'>, file: string, most = Infinity): void {
  let last = 0;
  for (const value of data) {
    // Labels come in runs, so that most voxels need no lookup.
    if (value === last) continue;
    last = value;
    if (!Number.isInteger(value) || value < 0) {
      throw new DataError(`${file}: found the value ${value}, expected a label map with whole numbers of 0 or more.`);
    }
    if (value !== 0) found.add(value);
    if (found.size > most) {
      throw new DataError(`${file}: found more than ${most} different values, expected a label map.`);
    }
  }
}

function inOrder(values: Iterable<number>): number[] {
  return [...values].sort((a, b) => a - b);
}
