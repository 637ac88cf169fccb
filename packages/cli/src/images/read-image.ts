import { readCase, type CaseVolume } from '@interseg/data';
import type { ModelDescription } from '@interseg/training';
import { UsageError } from '../errors/usage-error.ts';

/**
 * Reads the image that a model is to segment: one file with all channels, or one file for each channel, in order.
 *
 * @throws UsageError for another number of files; DataError when a file is not such an image, or lies on another grid
 */
export async function readImage(
  files: readonly string[],
  description: Pick<ModelDescription, 'channels' | 'modality' | 'classes'>,
): Promise<CaseVolume> {
  const { channels } = description;
  const [first] = files;
  if (first === undefined || (files.length !== 1 && files.length !== channels.length)) {
    throw new UsageError(
      `--input: found ${files.length} files, expected one, or ${channels.length} for the channels ${channels.join(', ')}.`,
    );
  }
  return readCase(description, { id: first, patient: first, images: files });
}
