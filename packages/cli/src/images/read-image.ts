import { affineDistance, DataError, readCase, type CaseVolume } from '@interseg/data';
import type { ModelDescription } from '@interseg/training';
import { UsageError } from '../errors/usage-error.ts';

/**
 * Reads the image that a model is to segment: one file with all channels, or one file for each channel, in order.
 *
 * @throws UsageError for another number of files; DataError when a file is not such an image, or lies on another grid
 */
export async function readImage(
  files: readonly string[],
  { channels, modality, classes }: Pick<ModelDescription, 'channels' | 'modality' | 'classes'>,
): Promise<CaseVolume> {
  const read = (file: string, names: readonly string[]): Promise<CaseVolume> =>
    readCase({ channels: names, modality, classes }, { id: file, patient: file, image: file });
  const [first, ...others] = files;
  if (first === undefined || (files.length !== 1 && files.length !== channels.length)) {
    throw new UsageError(
      `--input: found ${files.length} files, expected one, or ${channels.length} for the channels ${channels.join(', ')}.`,
    );
  }
  if (others.length === 0) return read(first, channels);
  const volume = await read(first, channels.slice(0, 1));
  for (const [index, file] of others.entries()) {
    const other = await read(file, channels.slice(index + 1, index + 2));
    checkSameGrid(other, volume);
    volume.channels.push(...other.channels);
  }
  return volume;
}

/** A tenth of a voxel lets rounding in the headers pass, and no shift of a voxel. */
const tolerance = 0.1;

/** What lies on a grid, by its file. */
export type OnGrid = Pick<CaseVolume, 'shape' | 'spacing' | 'affine'> & { source: { path: string } };

/** @throws DataError naming both files when their grids differ */
export function checkSameGrid(volume: OnGrid, reference: OnGrid): void {
  const [file, other] = [volume.source.path, reference.source.path];
  if (volume.shape.some((extent, axis) => extent !== reference.shape[axis])) {
    throw new DataError(
      `${file}: ${volume.shape.join(' × ')} voxels, expected ${reference.shape.join(' × ')} as in ${other}.`,
    );
  }
  const distance = affineDistance(volume.affine, reference.affine, reference.shape);
  if (!(distance <= tolerance * Math.min(...reference.spacing))) {
    throw new DataError(
      `${file}: its grid lies up to ${Number(distance.toPrecision(3))} mm from that of ${other}, expected the same grid.`,
    );
  }
}
