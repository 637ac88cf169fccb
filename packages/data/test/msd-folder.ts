import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Affine, scalingAffine, type TypedNumberArray, writeNifti } from '@interseg/nifti';

/** A case to be written: voxels first axis fastest, channels after each other. */
export interface CaseContent {
  id: string;
  shape: number[];
  image: TypedNumberArray;
  label?: TypedNumberArray;
  patient?: string;
  affine?: Affine;
  labelAffine?: Affine;
  labelShape?: number[];
}

/** Writes an MSD folder; `overrides` replace fields of dataset.json. */
export async function writeMsd(
  folder: string,
  cases: CaseContent[],
  overrides: Record<string, unknown> = {},
): Promise<string> {
  for (const part of ['imagesTr', 'labelsTr', 'imagesTs']) await mkdir(join(folder, part), { recursive: true });
  for (const { id, shape, image, label, affine = scalingAffine([1, 1, 1]), labelAffine, labelShape } of cases) {
    const data = { data: image, shape, affine };
    await writeNifti(join(folder, label ? 'imagesTr' : 'imagesTs', `${id}.nii.gz`), data);
    if (!label) continue;
    const labels = { data: label, shape: labelShape ?? shape.slice(0, 3), affine: labelAffine ?? affine };
    await writeNifti(join(folder, 'labelsTr', `${id}.nii.gz`), labels);
  }
  const description = {
    name: 'Test',
    modality: { 0: 'MRI' },
    labels: { 0: 'background', 1: 'lesion' },
    training: cases
      .filter(({ label }) => label)
      .map(({ id, patient }) => ({
        image: `./imagesTr/${id}.nii.gz`,
        label: `./labelsTr/${id}.nii.gz`,
        ...(patient === undefined ? {} : { patient }),
      })),
    test: cases.filter(({ label }) => !label).map(({ id }) => `./imagesTs/${id}.nii.gz`),
    ...overrides,
  };
  await writeFile(join(folder, 'dataset.json'), JSON.stringify(description));
  return folder;
}
