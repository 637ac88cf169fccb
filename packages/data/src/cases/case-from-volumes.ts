import { DataError } from '@interseg/errors';
import { elementCount, spacingFromAffine, type Affine, type Triple, type Volume } from '@interseg/nifti';
import type { CaseVolume, LabelArray } from './case-volume.ts';
import { splitChannels } from './split-channels.ts';
import type { DataSet } from '../dataset.ts';
import { toLabels } from './labels.ts';
import { checkSameGrid, type FileGrid } from './same-grid.ts';

/** The part of a data set that reading a case needs. A model knows it, too, for images of no data set. */
export type CaseContext = Pick<DataSet, 'channels' | 'modality' | 'classes' | 'background'>;

/** An image in memory, as `readNifti` gives it, or the reader of another format without a header of NIfTI. */
export type ImageVolume = Pick<Volume, 'data' | 'shape' | 'affine'> & Partial<Pick<Volume, 'header'>>;

/** A volume in memory, with its path or name for errors. */
export interface NamedVolume {
  readonly path: string;
  readonly volume: ImageVolume;
}

/** The volumes of a case. */
export interface CaseVolumes {
  readonly id: string;
  /** One volume with all channels, or one per channel, in order. */
  readonly images: readonly NamedVolume[];
  readonly label?: NamedVolume;
}

/** A label map and the grid that it lies on, first axis fastest. */
export interface LabelGrid extends FileGrid {
  readonly labels: LabelArray;
  readonly shape: Triple;
  readonly spacing: Triple;
  readonly affine: Affine;
}

/**
 * Creates a case from volumes in memory, with the checks of `readCase`.
 *
 * @param affineTolerance see {@link checkSameGrid}
 * @throws DataError as `readCase` does
 */
export async function caseFromVolumes(
  dataset: CaseContext,
  { id, images, label }: CaseVolumes,
  affineTolerance?: number,
): Promise<CaseVolume> {
  const asFile = ({ path, volume }: NamedVolume): CaseFile => ({ path, read: async () => volume });
  return assembleCase(dataset, { id, images: images.map(asFile), label: label && asFile(label) }, affineTolerance);
}

/** A file of a case, which is read in its turn. */
export interface CaseFile {
  readonly path: string;
  readonly read: () => Promise<NamedVolume['volume']>;
}

/**
 * Reads the files of a case one after the other, so that only one of them is in memory as it is on disk, and checks that
 * they match.
 *
 * @throws DataError as `readCase` does
 */
export async function assembleCase(
  dataset: CaseContext,
  { id, images, label }: { id: string; images: readonly CaseFile[]; label?: CaseFile },
  affineTolerance?: number,
): Promise<CaseVolume> {
  const names = dataset.channels;
  const [first, ...others] = images;
  if (first === undefined || (others.length > 0 && images.length !== names.length)) {
    throw new DataError(
      `${first?.path ?? id}: found ${images.length} image files, expected one, or one for each of ${names.join(', ')}.`,
    );
  }
  const image = async ({ path, read }: CaseFile, channels: readonly string[]) =>
    imagePart({ path, volume: await read() }, channels);
  const { source, channels, replacedVoxels } = await image(first, others.length > 0 ? [names[0]!] : names);
  let replaced = replacedVoxels;
  for (const [index, file] of others.entries()) {
    const other = await image(file, [names[index + 1]!]);
    checkSameGrid(other.source, source, affineTolerance);
    channels.push(...other.channels);
    replaced += other.replacedVoxels;
  }
  const labelled = label && labelGrid(dataset, { path: label.path, volume: await label.read() });
  if (labelled) checkSameGrid(labelled, source, affineTolerance);
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

/** Checks a label map and converts it to labels. @throws DataError as `readLabels` does */
export function labelGrid(
  { classes, background = [] }: Pick<DataSet, 'classes' | 'background'>,
  { path, volume }: NamedVolume,
): LabelGrid {
  const shape = spatialShape(volume.shape, 1, 'labels', path);
  const { affine } = volume;
  return {
    path,
    labels: toLabels(volume.data, classes, background, path),
    shape,
    spacing: spacingFromAffine(affine),
    affine,
  };
}

function imagePart(
  { path, volume }: NamedVolume,
  names: readonly string[],
): Pick<CaseVolume, 'source' | 'channels' | 'replacedVoxels'> {
  const shape = spatialShape(volume.shape, names.length, names.join(', '), path);
  const { affine, header } = volume;
  const source = { path, shape, spacing: spacingFromAffine(affine), affine, header };
  return { source, ...splitChannels(volume.data, elementCount(shape), names, path) };
}

/** The three spatial extents of a volume. @throws DataError if it does not have `channels` values per voxel */
function spatialShape(shape: readonly number[], channels: number, names: string, file: string): Triple {
  const [x = 1, y = 1, z = 1, ...rest] = shape;
  const found = elementCount(rest);
  // Beyond the third, only one axis may be longer than 1; [1, C] is how vector images are written.
  if (found !== channels || rest.filter((extent) => extent > 1).length > 1) {
    const expected = channels === 1 ? `three axes (${names})` : `four axes, the last of ${channels} (${names})`;
    throw new DataError(`${file}: found the shape ${shape.join(' × ')}, expected ${expected}.`);
  }
  return [x, y, z];
}
