import { bytesSource, groupSeries, readSeries, type DicomSeries, type SeriesVolume } from '../src/index.ts';

/** The only series of some files, which are called `0.dcm`, `1.dcm`, …. */
export async function seriesOf(files: readonly Uint8Array[]): Promise<DicomSeries> {
  const { series } = await groupSeries(files.map((bytes, index) => bytesSource(`${index}.dcm`, bytes)));
  if (series.length !== 1) throw new Error(`Found ${series.length} series.`);
  return series[0]!;
}

/** The volume of some files of one series. */
export async function read(files: readonly Uint8Array[]): Promise<SeriesVolume> {
  return readSeries(await seriesOf(files));
}
