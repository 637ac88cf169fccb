import type { CaseVolume } from '@interseg/data';
import { predictWithEnsemble, writeLabels, type Ensemble, type PredictOptions } from '@interseg/inference';
import { determinant, writeNifti } from '@interseg/nifti';

/** The result of segmenting an image. */
export interface Segmented {
  /** The label map. */
  output: string;
  /** The files with class probabilities. */
  probabilities: string[];
  shape: readonly number[];
  spacing: readonly number[];
  classes: { name: string; values: readonly number[]; voxels: number; millilitres: number }[];
  seconds: number;
}

/** Segments an image and writes the label map and, with a prefix, the probabilities. */
export async function segmentImage(
  { members, description }: Ensemble,
  volume: CaseVolume,
  { output, prefix, ...options }: { output: string; prefix?: string } & Omit<PredictOptions, 'classes' | 'slices'>,
): Promise<Segmented> {
  const started = performance.now();
  const { labels, probabilities } = await predictWithEnsemble(members, volume, {
    ...options,
    classes: description.classes,
    outputActivation: description.outputActivation,
  });
  const seconds = (performance.now() - started) / 1000;
  const { shape, spacing, affine, source } = volume;
  const files: string[] = [];
  for (const [index, data] of probabilities.entries()) {
    if (prefix === undefined) break;
    const file = `${prefix}_${fileName(description.classes[index]?.name ?? String(index + 1))}.nii.gz`;
    await writeNifti(file, { data, shape: [...shape], spacing: [...spacing], affine, header: source.header });
    files.push(file);
  }
  // The label map is written last: if it exists, the case is complete.
  await writeLabels(output, labels, source);
  const voxelVolume = Math.abs(determinant(affine)) / 1000;
  const classes = description.classes.map(({ name, values }) => {
    const voxels = countLabels(labels, values);
    return { name, values, voxels, millilitres: voxels * voxelVolume };
  });
  return { output, probabilities: files, shape, spacing, classes, seconds };
}

function countLabels(labels: Iterable<number>, values: readonly number[]): number {
  let count = 0;
  for (const label of labels) if (values.includes(label)) count++;
  return count;
}

/** The name of a class as part of a file name. */
function fileName(name: string): string {
  return name.replace(/[^\p{L}\p{N}_-]+/gu, '-');
}
