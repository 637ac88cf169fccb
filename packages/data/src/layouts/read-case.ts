import { elementCount, type ReadLimits, readNifti, spacingOf, type Triple, type Volume } from '@interseg/nifti';
import { DataError } from '@interseg/errors';
import type { CaseVolume, LabelArray } from './case-volume.ts';
import { splitChannels } from './channels.ts';
import type { Case, DataSet } from './dataset.ts';
import { toLabels } from './labels.ts';
import { checkSameGrid, type FileGrid } from './same-grid.ts';

/** What reading a case needs to know of its data set; a new image, of no data set, can be read by what a model knows. */
export type CaseContext = Pick<DataSet, 'channels' | 'modality' | 'classes' | 'background'>;

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
  const names = dataset.channels;
  const [first, ...others] = images;
  if (first === undefined || (others.length > 0 && images.length !== names.length)) {
    throw new DataError(
      `${first ?? id}: ${images.length} image files, expected one, or one for each of ${names.join(', ')}.`,
    );
  }
  const { source, channels, replacedVoxels } = await readImage(first, others.length > 0 ? [names[0]!] : names, options);
  let replaced = replacedVoxels;
  for (const [index, path] of others.entries()) {
    const other = await readImage(path, [names[index + 1]!], options);
    checkSameGrid(other.source, source, options.affineTolerance);
    channels.push(...other.channels);
    replaced += other.replacedVoxels;
  }
  const labelled = label === undefined ? undefined : await readLabels(dataset, label, options);
  if (labelled) checkSameGrid(labelled, source, options.affineTolerance);
  const { shape, spacing, affine } = source;
  return {
    id,
    modality: dataset.modality,
    channels,
    labels: labelled?.labels,
    shape,
    spacing,
    affine,
    replacedVoxels: replaced,
    source,
  };
}

async function readImage(
  path: string,
  names: readonly string[],
  { limits }: ReadCaseOptions,
): Promise<Pick<CaseVolume, 'source' | 'channels' | 'replacedVoxels'>> {
  const volume = await readNifti(path, { limits });
  const shape = spatialShape(volume, names.length, names.join(', '), path);
  const { affine, header } = volume;
  const source = { path, shape, spacing: spacingOf(affine), affine, header };
  return { source, ...splitChannels(volume.data, elementCount(shape), names, path) };
}

/** A label map and the grid that it lies on, first axis fastest. */
export interface LabelGrid extends FileGrid {
  readonly labels: LabelArray;
  readonly shape: Triple;
  readonly spacing: Triple;
}

/**
 * Reads a label map alone, without its image.
 *
 * @throws DataError when it has more than three axes, or a label is not a whole number, not 0 and in no class
 */
export async function readLabels(
  { classes, background = [] }: Pick<DataSet, 'classes' | 'background'>,
  path: string,
  { limits }: Pick<ReadCaseOptions, 'limits'> = {},
): Promise<LabelGrid> {
  const volume = await readNifti(path, { limits });
  const shape = spatialShape(volume, 1, 'labels', path);
  const { affine } = volume;
  return { path, labels: toLabels(volume.data, classes, background, path), shape, spacing: spacingOf(affine), affine };
}

/** The three spatial extents of a volume that should have this many values a voxel. */
function spatialShape({ shape }: Volume, channels: number, names: string, file: string): Triple {
  const [x = 1, y = 1, z = 1, ...rest] = shape;
  const found = elementCount(rest);
  // Beyond the third, only one axis may be longer than 1; [1, C] is how vector images are written.
  if (found !== channels || rest.filter((extent) => extent > 1).length > 1) {
    const expected = channels === 1 ? `three axes (${names})` : `four axes, the last of ${channels} (${names})`;
    throw new DataError(`${file}: the shape ${shape.join(' × ')}, expected ${expected}.`);
  }
  return [x, y, z];
}
