import { stat } from 'node:fs/promises';
import type { CaseVolume, NamedVolume } from '@interseg/data';
import { chooseSeries, findSeries, holdsDicom, readSeries, seriesName, type SeriesVolume } from '@interseg/dicom';
import { imageFromVolumes, type ModelDescription } from '@interseg/inference';
import { readNifti } from '@interseg/nifti';
import { UsageError } from '../errors/usage-error.ts';

/** An image of DICOM series. */
export interface DicomImage {
  readonly volume: CaseVolume;
  /** The series in the order of the channels; none for a channel that is NIfTI. */
  readonly series: readonly SeriesVolume[];
}

/** Whether any input is DICOM: a folder, or files. */
export async function isDicomInput(inputs: readonly string[]): Promise<boolean> {
  for (const path of inputs) if (!/\.nii(\.gz)?$/i.test(path) && (await holdsDicom(path))) return true;
  return false;
}

/**
 * Reads the image that a model is to segment from DICOM: one folder with the series of all channels, files of one series,
 * or a folder or NIfTI image for each channel.
 *
 * @param asked the series by UID or number, in the order of the channels
 * @throws UsageError if the number of inputs or series is not that of the channels; DataError if several series could be
 * meant, or one cannot be read
 */
export async function readDicomImage(
  inputs: readonly string[],
  description: Pick<ModelDescription, 'channels' | 'modality' | 'classes'>,
  asked: readonly string[],
): Promise<DicomImage> {
  const { channels } = description;
  if (asked.length > 0 && asked.length !== channels.length) {
    throw new UsageError(
      `--series: found ${asked.length}, expected ${channels.length} for the channels ${channels.join(', ')}.`,
    );
  }
  const parts = await Promise.all(inputs.map(async (path) => (await stat(path)).isFile() && holdsDicom(path)));
  if (inputs.length === 1 || parts.every((isFile) => isFile)) {
    const chosen = chooseSeries(await findSeries(inputs), asked, inputs[0]!, channels.length);
    const volumes: (NamedVolume & { series: SeriesVolume })[] = [];
    for (const one of chosen) {
      const series = await readSeries(one);
      volumes.push({ path: seriesName(one), volume: series, series });
    }
    const volume = await imageFromVolumes(volumes, description);
    return { volume, series: volumes.map(({ series }) => series) };
  }
  if (asked.length > 0 || inputs.length !== channels.length) {
    throw new UsageError(
      `--input: found ${inputs.length} folders or images${asked.length > 0 ? ' with --series' : ''}, ` +
        `expected one folder, or one input for each of the channels ${channels.join(', ')}.`,
    );
  }
  const all: SeriesVolume[] = [];
  const volumes: NamedVolume[] = [];
  for (const path of inputs) {
    if (await holdsDicom(path)) {
      const [one] = chooseSeries(await findSeries(path), [], path);
      const series = await readSeries(one!);
      all.push(series);
      volumes.push({ path: seriesName(one!), volume: series });
    } else {
      volumes.push({ path, volume: await readNifti(path) });
    }
  }
  return { volume: await imageFromVolumes(volumes, description), series: all };
}
