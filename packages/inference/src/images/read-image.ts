import { readCase, type CaseVolume } from '@interseg/data';
import type { ImageContext } from './image-from-volumes.ts';

/**
 * Reads the image that a model is to segment from NIfTI files.
 *
 * @param paths one file with all channels of the model, or one for each channel, in order
 * @throws DataError when a file is not such an image, or lies on another grid than the first
 */
export async function readImage(paths: readonly string[], context: ImageContext): Promise<CaseVolume> {
  const [id = 'image'] = paths;
  return readCase(context, { id, patient: id, images: paths });
}
