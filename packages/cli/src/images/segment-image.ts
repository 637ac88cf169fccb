import type { CaseVolume } from '@interseg/data';
import { predictWithEnsemble, type Ensemble, type PredictOptions } from '@interseg/inference';
import { determinant } from '@interseg/nifti';
import { niftiWriter, type PredictionWriter } from './prediction-writer.ts';

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

/** Where the result of {@link segmentImage} goes. */
export interface SegmentOutput {
  output: string;
  /** Of the files with probabilities; without it, there are none. */
  prefix?: string;
  /** Writes NIfTI unless told. */
  write?: PredictionWriter;
}

/** Segments an image and writes the label map and, with a prefix, the probabilities. */
export async function segmentImage(
  { members, description }: Ensemble,
  volume: CaseVolume,
  { output, prefix, write, ...options }: SegmentOutput & Omit<PredictOptions, 'classes' | 'slices'>,
): Promise<Segmented> {
  const started = performance.now();
  const { classes, outputActivation } = description;
  const prediction = await predictWithEnsemble(members, volume, { ...options, classes, outputActivation });
  const seconds = (performance.now() - started) / 1000;
  const { shape, spacing, affine } = volume;
  const files = await (write ?? niftiWriter(volume, classes))(prediction, output, prefix);
  const voxelVolume = Math.abs(determinant(affine)) / 1000;
  const found = classes.map(({ name, values }) => {
    const voxels = countLabels(prediction.labels, values);
    return { name, values, voxels, millilitres: voxels * voxelVolume };
  });
  return { output, probabilities: files, shape, spacing, classes: found, seconds };
}

function countLabels(labels: ArrayLike<number>, values: readonly number[]): number {
  let count = 0;
  for (let voxel = 0; voxel < labels.length; voxel++) if (values.includes(labels[voxel]!)) count++;
  return count;
}
