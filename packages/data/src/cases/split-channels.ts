import type { TypedNumberArray } from '@interseg/nifti';
import { DataError } from '@interseg/errors';

/**
 * The channels of an image, which follow each other on disk, in single precision and with every voxel finite.
 *
 * @param voxels how many voxels a channel has
 * @throws DataError when a channel has no finite voxel at all
 */
export function splitChannels(
  data: TypedNumberArray,
  voxels: number,
  names: readonly string[],
  file: string,
): { channels: Float32Array[]; replacedVoxels: number } {
  let replacedVoxels = 0;
  const channels = names.map((name, index) => {
    const channel = Float32Array.from(data.subarray(index * voxels, (index + 1) * voxels));
    replacedVoxels += replaceNonFinite(channel, name, file);
    return channel;
  });
  return { channels, replacedVoxels };
}

function replaceNonFinite(channel: Float32Array, name: string, file: string): number {
  let smallest = Infinity;
  let count = 0;
  for (const value of channel) {
    // Also infinite: a value on disk in double precision that single precision cannot hold.
    if (!Number.isFinite(value)) count++;
    else if (value < smallest) smallest = value;
  }
  if (count === channel.length) {
    throw new DataError(`${file}: not one finite voxel in the channel ${name}, expected an image.`);
  }
  if (count === 0) return 0;
  for (let index = 0; index < channel.length; index++) {
    if (!Number.isFinite(channel[index])) channel[index] = smallest;
  }
  return count;
}
