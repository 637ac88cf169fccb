import {
  describeSegments,
  parseSegmentNotes,
  writeFractionalSegmentation,
  writeSegmentation,
  type DescribedSegments,
  type SegmentedSeries,
} from '@interseg/dicom';
import type { ModelDescription } from '@interseg/inference';
import manifest from '../../package.json' with { type: 'json' };
import type { PredictionWriter } from '../images/prediction-writer.ts';
import { readSegmentNotes } from './segment-notes.ts';
import { writeDicom } from './write-file.ts';

/**
 * What DICOM SEG says of a model's classes: what a file says, or else the model, or else the table of terms.
 *
 * @param file the file of `--segments`
 */
export async function segmentsOfModel(description: ModelDescription, file?: string): Promise<DescribedSegments> {
  const own = description.segments === undefined ? [] : parseSegmentNotes(description.segments, 'model.json');
  const notes = file === undefined ? own : await readSegmentNotes(file);
  return describeSegments(description.classes, notes, `InterSeg ${description.variant}`.slice(0, 64));
}

/** Writes a DICOM SEG on the grid of a series; probabilities to PREFIX.dcm, as one of the type FRACTIONAL. */
export function segmentationWriter(
  series: SegmentedSeries,
  { segments }: DescribedSegments,
  anonymize = false,
): PredictionWriter {
  const options = { softwareVersion: manifest.version, anonymize };
  return async ({ labels, probabilities }, output, prefix) => {
    const files: string[] = [];
    if (prefix !== undefined) {
      const file = `${prefix}.dcm`;
      const seriesDescription = 'InterSeg probabilities';
      const more = { ...options, seriesDescription, seriesNumber: 301 };
      await writeDicom(file, writeFractionalSegmentation(series, probabilities, segments, more));
      files.push(file);
    }
    await writeDicom(output, writeSegmentation(series, labels, segments, options));
    return files;
  };
}
