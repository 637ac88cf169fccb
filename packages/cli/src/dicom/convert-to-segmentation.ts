import type { ClassDefinition } from '@interseg/data';
import { describeSegments, regridLabels, writeSegmentation, type SegmentNotes } from '@interseg/dicom';
import { isInputError } from '@interseg/errors';
import { determinant } from '@interseg/nifti';
import manifest from '../../package.json' with { type: 'json' };
import { UsageError } from '../errors/usage-error.ts';
import { readLabelMap } from '../images/read-label-map.ts';
import type { Converted } from './converted.ts';
import { referenceSeries } from './reference-series.ts';
import { unknownTermsNote } from './segment-notes.ts';
import { writeDicom } from './write-file.ts';

/** How a label map becomes a DICOM SEG. */
export interface ToSegmentation {
  readonly input: string;
  readonly output: string;
  /** The images on whose grid the label map lies. */
  readonly series: string;
  /** Labels and their names. Defaults to those of the notes, or to all that occur. */
  readonly labels?: readonly ClassDefinition[];
  readonly notes: readonly SegmentNotes[];
  readonly anonymize: boolean;
}

/** Writes a label map of NIfTI as a DICOM SEG on the grid of a series. */
export async function convertToSegmentation(options: ToSegmentation): Promise<Converted> {
  const { input, output, notes, anonymize } = options;
  const map = await readLabelMap(input);
  const from = { shape: map.shape as [number, number, number], affine: map.affine };
  let [labels, misfit]: [Uint16Array | undefined, unknown] = [undefined, undefined];
  const fits = (geometry: Parameters<typeof regridLabels>[2]): boolean => {
    try {
      labels = regridLabels(map.data, from, geometry, input);
      return true;
    } catch (error) {
      if (!isInputError(error)) throw error;
      misfit = error;
      return false;
    }
  };
  const series = await referenceSeries(options.series, (_, { geometry }) => fits(geometry)).catch((error: unknown) => {
    throw isInputError(error) && misfit !== undefined && labels === undefined ? misfit : error;
  });
  const classes =
    options.labels ?? classesOfNotes(notes) ?? map.values.map((value) => ({ name: `label ${value}`, values: [value] }));
  if (classes.length === 0) {
    throw new UsageError(`${input}: found no label, expected --labels or --segments to say which there might be.`);
  }
  const { segments, unknown } = describeSegments(classes, notes, `InterSeg ${manifest.version}`);
  const { version: softwareVersion } = manifest;
  await writeDicom(output, writeSegmentation(series, labels!, segments, { softwareVersion, anonymize }));
  const voxelVolume = Math.abs(determinant(series.geometry.affine)) / 1000;
  const rows = segments.map(({ label, values, type, modifier }) => {
    const voxels = labels!.reduce((sum, value) => sum + (values.includes(value) ? 1 : 0), 0);
    const meaning = [modifier?.meaning, type.meaning].filter((part) => part !== undefined).join(' ');
    return { name: label, values, type: meaning, voxels, millilitres: voxels * voxelVolume };
  });
  return { input, output, segments: rows, notes: unknown.length > 0 ? [unknownTermsNote(unknown)] : [] };
}

/** Classes of notes that say which labels they are of. */
function classesOfNotes(notes: readonly SegmentNotes[]): ClassDefinition[] | undefined {
  if (notes.length === 0) return undefined;
  return notes.map(({ label, values }) => {
    if (values) return { name: label, values };
    throw new UsageError(`--segments: found ${label} without values, expected its labels there or in --labels.`);
  });
}
