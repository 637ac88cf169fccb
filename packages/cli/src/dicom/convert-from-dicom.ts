import type { ClassDefinition } from '@interseg/data';
import {
  findSeries,
  readSegmentation,
  referencedSeriesOf,
  readSeries,
  segmentationClass,
  seriesName,
  type DicomFiles,
  type DicomInstance,
} from '@interseg/dicom';
import { DataError } from '@interseg/errors';
import { determinant, writeNifti } from '@interseg/nifti';
import { UsageError } from '../errors/usage-error.ts';
import type { Converted } from './converted.ts';
import { referenceSeries } from './reference-series.ts';

/** How a DICOM SEG, or a series of images, becomes NIfTI. */
export interface FromDicom {
  readonly input: string;
  readonly output: string;
  /** The images on whose grid a mask shall lie. Defaults to the grid of its own frames. */
  readonly series?: string;
  /** Which segments, and the value that each gets. Defaults to all, with their numbers. */
  readonly labels?: readonly ClassDefinition[];
}

/** Label Map Segmentation Storage, which is not among those that a series may have either. */
const segmentationClasses = [segmentationClass, '1.2.840.10008.5.1.4.1.1.66.7'];

/** Writes what is at a path as NIfTI: the mask of a DICOM SEG, or the image of the only series. */
export async function convertFromDicom(options: FromDicom): Promise<Converted> {
  const files = await findSeries(options.input);
  const masks = files.leftOut.flatMap(({ instance }) =>
    instance && segmentationClasses.includes(instance.sopClass) ? [instance] : [],
  );
  if (masks.length === 0 || files.series.length > 0) return convertSeries(options, files);
  if (masks.length > 1) {
    throw new DataError(`${options.input}: found ${masks.length} segmentations, expected one: name its file.`);
  }
  return convertMask(options, masks[0]!);
}

async function convertSeries({ input, output, series, labels }: FromDicom, files: DicomFiles): Promise<Converted> {
  for (const [flag, value] of Object.entries({ series, labels })) {
    if (value !== undefined) {
      throw new UsageError(`--${flag}: found it with images, expected it with masks only.`);
    }
  }
  if (files.series.length !== 1) {
    const found = files.series.map(seriesName).join(', ') || 'no series of images and no segmentation';
    throw new DataError(`${input}: found ${found}, expected one.`);
  }
  const { data, shape, spacing, affine } = await readSeries(files.series[0]!);
  await writeNifti(output, { data, shape, affine });
  return { input, output, shape, spacing, notes: [] };
}

async function convertMask(
  { input, output, series: folder, labels: asked }: FromDicom,
  mask: DicomInstance,
): Promise<Converted> {
  const merged = asked?.find(({ values }) => values.length > 1);
  if (merged) {
    throw new UsageError(
      `--labels: found ${merged.values.join('+')}=${merged.name}, expected one label for a segment.`,
    );
  }
  const only = asked?.map(({ name }) => name);
  const references = referencedSeriesOf(mask);
  // A SEG without a reference may belong to the only series that there is.
  const fits = ({ uid }: { uid: string }): boolean => references.length === 0 || references.includes(uid);
  const series = folder === undefined ? undefined : await referenceSeries(folder, fits);
  const found = await readSegmentation(mask.source, { only, series });
  const valueOf = (number: number): number => {
    const label = found.segments.find((segment) => segment.number === number)!.label;
    return asked?.find(({ name }) => name === label)?.values[0] ?? number;
  };
  const { labels, shape, affine } = found;
  const numbers = new Map(found.segments.map(({ number }) => [number, { value: valueOf(number), voxels: 0 }]));
  const largest = Math.max(0, ...[...numbers.values()].map(({ value }) => value));
  const data = largest > 255 ? new Uint16Array(labels.length) : new Uint8Array(labels.length);
  labels.forEach((number, voxel) => {
    if (number === 0) return;
    const segment = numbers.get(number)!;
    segment.voxels++;
    data[voxel] = segment.value;
  });
  await writeNifti(output, { data, shape, affine }, { labels: true });
  const voxelVolume = Math.abs(determinant(affine)) / 1000;
  const segments = found.segments.map(({ number, label, type, modifier }) => {
    const { value, voxels } = numbers.get(number)!;
    const meaning = [modifier?.meaning, type?.meaning].filter((part) => part !== undefined).join(' ');
    return { name: label, values: [value], type: meaning, voxels, millilitres: voxels * voxelVolume };
  });
  const nameOf = (number: number): string => found.segments.find((segment) => segment.number === number)!.label;
  const notes = found.overlaps.map(
    ({ segments: [first, second], voxels }) =>
      `${nameOf(first)} and ${nameOf(second)} have ${voxels} voxels in common, of which each got one label; ` +
      `--labels 1=${nameOf(first)} reads one segment`,
  );
  return { input, output, segments, notes };
}
