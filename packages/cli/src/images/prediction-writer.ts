import type { CaseVolume, ClassDefinition } from '@interseg/data';
import { writeLabels, type VolumePrediction } from '@interseg/inference';
import { writeNifti } from '@interseg/nifti';

/**
 * Writes a label map and, with a prefix, probabilities. The label map is written last: if it exists, the case is complete.
 *
 * @returns the files with probabilities
 */
export type PredictionWriter = (prediction: VolumePrediction, output: string, prefix?: string) => Promise<string[]>;

/** Writes NIfTI files on the grid of an image; probabilities to PREFIX_<class>.nii.gz. */
export function niftiWriter(
  { shape, spacing, affine, source }: CaseVolume,
  classes: readonly ClassDefinition[],
): PredictionWriter {
  return async ({ labels, probabilities }, output, prefix) => {
    const files: string[] = [];
    for (const [index, data] of probabilities.entries()) {
      if (prefix === undefined) break;
      const file = `${prefix}_${fileName(classes[index]?.name ?? String(index + 1))}.nii.gz`;
      await writeNifti(file, { data, shape: [...shape], spacing: [...spacing], affine, header: source.header });
      files.push(file);
    }
    await writeLabels(output, labels, source);
    return files;
  };
}

/** The name of a class as part of a file name. */
function fileName(name: string): string {
  return name.replace(/[^\p{L}\p{N}_-]+/gu, '-');
}
