import type { TypedNumberArray } from '@interseg/nifti';
import { DataError } from '@interseg/errors';

/**
 * Divides an image into its channels, which follow each other on disk, in single precision. Voxels that are not finite get
 * the smallest finite value of their channel.
 *
 * @param voxels the number of voxels per channel
 * @throws DataError if a channel has no finite voxel
 */
export function splitChannels(
  data: TypedNumberArray,
  voxels: number,
  names: readonly string[],
  file: string,
): { channels: Float32Array[]; replacedVoxels: number } {
  let replacedVoxels = 0;
  const channels = names.map((name, index) => {
    const channel = new Float32Array(data.subarray(index * voxels, (index + 1) * voxels));
    replacedVoxels += replaceNonFinite(channel, name, file);
    return channel;
  });
  return { channels, replacedVoxels };
}

function replaceNonFinite(channel: Float32Array, name: string, file: string): number {
  let smallest = Infinity;
  let count = 0;
  for (let index = 0; index < channel.length; index++) {
    const value = channel[index]!;
    // Values in double precision that are too large for single precision are infinite, too.
    if (!Number.isFinite(value)) count++;
    else if (value < smallest) smallest = value;
  }
  if (count === channel.length) {
    throw new DataError(`${file}: found no finite voxel in the channel ${name}, expected an image.`);
  }
  if (count === 0) return 0;
  for (let index = 0; index < channel.length; index++) {
    if (!Number.isFinite(channel[index])) channel[index] = smallest;
  }
  return count;
}
