import { DataError } from '@interseg/errors';
import { elementCount, spacingFromAffine, type Affine, type Triple, type Volume } from '@interseg/nifti';
import type { CaseVolume, LabelArray } from './case-volume.ts';
import { splitChannels } from './split-channels.ts';
import type { DataSet } from '../layouts/dataset.ts';
import { toLabels } from './labels.ts';
import { checkSameGrid, type FileGrid } from './same-grid.ts';

/** What reading a case needs to know of its data set; a new image, of no data set, can be read by what a model knows. */
export type CaseContext = Pick<DataSet, 'channels' | 'modality' | 'classes' | 'background'>;

/** A volume that was read, and what errors call it: its path or name. */
export interface NamedVolume {
  readonly path: string;
  readonly volume: Pick<Volume, 'data' | 'shape' | 'affine' | 'header'>;
}

/** The volumes of a case. */
export interface CaseVolumes {
  readonly id: string;
  /** One with all channels, or one for each channel, in order. */
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
 * A case from volumes in memory, checked as `readCase` checks its files.
 *
 * @throws DataError as `readCase`
 */
export async function caseFromVolumes(
  dataset: CaseContext,
  { id, images, label }: CaseVolumes,
  affineTolerance?: number,
): Promise<CaseVolume> {
  const asFile = ({ path, volume }: NamedVolume): CaseFile => ({ path, read: async () => volume });
  return assembleCase(dataset, { id, images: images.map(asFile), label: label && asFile(label) }, affineTolerance);
}

/** A file of a case that is read when it is its turn. */
export interface CaseFile {
  readonly path: string;
  readonly read: () => Promise<NamedVolume['volume']>;
}

/**
 * Reads the files of a case one after the other, so that only one of them is in memory as it was on disk, and checks that
 * they fit each other.
 *
 * @throws DataError as `readCase`
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
      `${first?.path ?? id}: ${images.length} image files, expected one, or one for each of ${names.join(', ')}.`,
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

/** A label map with the grid that it lies on. @throws DataError as `readLabels` */
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

/** The three spatial extents of a volume that should have this many values a voxel. */
function spatialShape(shape: readonly number[], channels: number, names: string, file: string): Triple {
  const [x = 1, y = 1, z = 1, ...rest] = shape;
  const found = elementCount(rest);
  // Beyond the third, only one axis may be longer than 1; [1, C] is how vector images are written.
  if (found !== channels || rest.filter((extent) => extent > 1).length > 1) {
    const expected = channels === 1 ? `three axes (${names})` : `four axes, the last of ${channels} (${names})`;
    throw new DataError(`${file}: the shape ${shape.join(' × ')}, expected ${expected}.`);
  }
  return [x, y, z];
}
