import { caseFromVolumes, type CaseVolume, type NamedVolume } from '@interseg/data';
import type { ModelDescription } from '../model-files/model-description.ts';

/** What reading an image needs to know of the model that is to segment it. */
export type ImageContext = Pick<ModelDescription, 'channels' | 'modality' | 'classes'>;

/**
 * The image that a model is to segment from volumes in memory, such as `readNifti` gives them.
 *
 * @param volumes one with all channels of the model, or one for each channel, in order; with the names that errors call them
 * @throws DataError when the number of volumes, axes or channels is another than the model's, a channel has no finite voxel, or
 * the volumes differ in shape or place
 */
export async function imageFromVolumes(volumes: readonly NamedVolume[], context: ImageContext): Promise<CaseVolume> {
  return caseFromVolumes(context, { id: volumes[0]?.path ?? 'image', images: volumes });
}
