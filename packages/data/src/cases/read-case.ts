import type { ReadLimits } from '@interseg/nifti';
import { assembleCase, labelGrid, type CaseContext, type LabelGrid } from './case-from-volumes.ts';
import type { CaseVolume } from './case-volume.ts';
import { readImageFile } from './image-format.ts';
import type { Case, DataSet } from '../dataset.ts';

/** Options of {@link readCase}. */
export interface ReadCaseOptions {
  /** How far the grids of a case's files may be apart; see {@link checkSameGrid}. Defaults to 0.1. */
  affineTolerance?: number;
  /** Limits for each file; see {@link ReadLimits}. */
  limits?: ReadLimits;
}

/**
 * Reads the image of a case and its label map, if it has one, and checks that they match. Files are NIfTI, or of a format
 * of {@link defineImageFormat}.
 *
 * An image with C > 1 channels is one file with four axes, the last one of extent C, or C files on the same grid. Voxels
 * that are not finite (many programs write NaN outside of the image) get the smallest finite value of their channel, and
 * are counted.
 *
 * @throws DataError naming the file or both files, if the number of files, axes or channels is not that of the data set, a
 * channel has no finite voxel, the files of the case differ in shape or position, or a label is neither 0 nor in a class
 */
export async function readCase(
  dataset: CaseContext,
  { id, images, label }: Case,
  options: ReadCaseOptions = {},
): Promise<CaseVolume> {
  const { limits, affineTolerance } = options;
  const file = (path: string) => ({ path, read: () => readImageFile(path, { limits }) });
  const files = { id, images: images.map(file), label: label === undefined ? undefined : file(label) };
  return assembleCase(dataset, files, affineTolerance);
}

/**
 * Reads a label map without its image.
 *
 * @throws DataError if it has more than three axes, or a label is neither 0 nor in a class
 */
export async function readLabels(
  dataset: Pick<DataSet, 'classes' | 'background'>,
  path: string,
  { limits }: Pick<ReadCaseOptions, 'limits'> = {},
): Promise<LabelGrid> {
  return labelGrid(dataset, { path, volume: await readImageFile(path, { limits }) });
}
