import type { CaseVolume } from '@interseg/data';
import { writeNifti } from '@interseg/nifti';
import type { VolumePrediction } from './predict-volume.ts';

/** Writes a label map on the grid of the image that it belongs to. */
export async function writeLabels(
  path: string,
  labels: VolumePrediction['labels'],
  { shape, spacing, affine, header }: CaseVolume['source'],
): Promise<void> {
  await writeNifti(path, { data: labels, shape: [...shape], spacing: [...spacing], affine, header }, { labels: true });
}
