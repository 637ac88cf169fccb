import { stat } from 'node:fs/promises';
import { channelOfName, imagesOfCase, readCase, type CaseVolume } from '@interseg/data';
import type { ModelDescription } from '@interseg/training';
import { UsageError } from '../errors/usage-error.ts';

/**
 * The files of the image that a model is to segment: one with all channels, one for each channel, in order, or those in the
 * folder of a case.
 *
 * @throws UsageError for another number of files, or one whose name ends in another channel than the one in its place;
 * DataError when a folder lacks a channel
 */
export async function imagesOfInput(
  inputs: readonly string[],
  { channels }: Pick<ModelDescription, 'channels'>,
): Promise<readonly string[]> {
  const [first = ''] = inputs;
  const isFolder = inputs.length === 1 && (await stat(first).catch(() => undefined))?.isDirectory();
  const images = isFolder ? await imagesOfCase(first, channels) : inputs;
  if (images.length !== 1 && images.length !== channels.length) {
    throw new UsageError(
      `--input: found ${images.length} files, expected one, or ${channels.length} for the channels ${channels.join(', ')}.`,
    );
  }
  if (images.length > 1) checkOrder(images, channels);
  return images;
}

/** Reads the image from its files. @throws DataError when a file is not such an image, or lies on another grid */
export async function readImage(
  images: readonly string[],
  description: Pick<ModelDescription, 'channels' | 'modality' | 'classes'>,
): Promise<CaseVolume> {
  const [id = ''] = images;
  return readCase(description, { id, patient: id, images });
}

/** Channels that are exchanged give a segmentation that looks like one. */
function checkOrder(images: readonly string[], channels: readonly string[]): void {
  images.forEach((path, index) => {
    const named = channelOfName(path, channels);
    if (named === undefined || named === channels[index]) return;
    throw new UsageError(
      `--input: found ${path} in the place of ${channels[index]}, expected the files in the order ${channels.join(', ')}.`,
    );
  });
}
