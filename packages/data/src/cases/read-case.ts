import { readNifti, type ReadLimits } from '@interseg/nifti';
import { assembleCase, labelGrid, type CaseContext, type LabelGrid } from './case-from-volumes.ts';
import type { CaseVolume } from './case-volume.ts';
import type { Case, DataSet } from '../layouts/dataset.ts';

/** Options of {@link readCase}. */
export interface ReadCaseOptions {
  /** How far the grids of the files of a case may lie apart: see {@link checkSameGrid}. */
  affineTolerance?: number;
  limits?: ReadLimits;
}

/**
 * Reads the image of a case and, if it has one, its label map, and checks that they fit each other.
 *
 * An image of a data set with C > 1 channels is one file with four axes, the last one of extent C, or C files on one grid.
 * Voxels that are not finite (NaN is how many programs say "outside") become the smallest finite value of their channel and
 * are counted.
 *
 * @throws DataError, naming the file or both files, when the number of files, axes or channels is another than the data
 * set's, a channel has no finite voxel, the files of the case differ in shape or place, or a label is not a whole number,
 * not 0 and in no class
 */
export async function readCase(
  dataset: CaseContext,
  { id, images, label }: Case,
  options: ReadCaseOptions = {},
): Promise<CaseVolume> {
  const { limits, affineTolerance } = options;
  const file = (path: string) => ({ path, read: () => readNifti(path, { limits }) });
  const files = { id, images: images.map(file), label: label === undefined ? undefined : file(label) };
  return assembleCase(dataset, files, affineTolerance);
}

/**
 * Reads a label map alone, without its image.
 *
 * @throws DataError when it has more than three axes, or a label is not a whole number, not 0 and in no class
 */
export async function readLabels(
  dataset: Pick<DataSet, 'classes' | 'background'>,
  path: string,
  { limits }: Pick<ReadCaseOptions, 'limits'> = {},
): Promise<LabelGrid> {
  return labelGrid(dataset, { path, volume: await readNifti(path, { limits }) });
}
