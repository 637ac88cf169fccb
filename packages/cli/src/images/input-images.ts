import { stat } from 'node:fs/promises';
import { channelFromFileName, findCaseImages } from '@interseg/data';
import type { ModelDescription } from '@interseg/inference';
import { UsageError } from '../errors/usage-error.ts';

/**
 * Finds the files of an image to segment: one file with all channels, one file per channel in order, or those in a case folder.
 *
 * @throws UsageError when the number of files is wrong, or a file's name ends in the name of another channel than expected in
 * its place; DataError when a case folder lacks a channel
 */
export async function findInputImages(
  inputs: readonly string[],
  { channels }: Pick<ModelDescription, 'channels'>,
): Promise<readonly string[]> {
  const [first = ''] = inputs;
  const isFolder = inputs.length === 1 && (await stat(first).catch(() => undefined))?.isDirectory();
  const images = isFolder ? await findCaseImages(first, channels) : inputs;
  if (images.length !== 1 && images.length !== channels.length) {
    throw new UsageError(
      `--input: found ${images.length} files, expected one, or ${channels.length} for the channels ${channels.join(', ')}.`,
    );
  }
  if (images.length > 1) checkOrder(images, channels);
  return images;
}

/** Swapped channels would go unnoticed: the result still looks like a segmentation. */
function checkOrder(images: readonly string[], channels: readonly string[]): void {
  images.forEach((path, index) => {
    const named = channelFromFileName(path, channels);
    if (named === undefined || named === channels[index]) return;
    throw new UsageError(
      `--input: found ${path} in place of ${channels[index]}, expected the files in the order ${channels.join(', ')}.`,
    );
  });
}
