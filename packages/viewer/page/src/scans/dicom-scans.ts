import type { DicomSeries, DicomSource, SeriesVolume } from '@interseg/dicom';
import { encodeNifti } from '@interseg/nifti';
import { isNifti } from './group-files.ts';
import { pathOf } from './file-paths.ts';

/** What is DICOM among files. */
export interface DicomScans {
  /** Each series as a file of NIfTI, which the page treats as any other. */
  readonly scans: readonly File[];
  /** One sentence for each series that cannot be read. */
  readonly problems: readonly string[];
  /** The files that are not DICOM. */
  readonly others: readonly File[];
}

/**
 * Reads the series among files, and in zip archives that hold any. Where a model has several channels, the one that the
 * description of a series names becomes a part of the file's name, so that series of one patient go together.
 */
export async function dicomScans(files: readonly File[], channels: readonly string[]): Promise<DicomScans> {
  const sources: DicomSource[] = [];
  const others: File[] = [];
  for (const file of files) {
    const found = isNifti(file) ? [] : await sourcesOf(file);
    if (found.length > 0) sources.push(...found);
    else others.push(file);
  }
  if (sources.length === 0) return { scans: [], problems: [], others };
  const { groupSeries, readSeries } = await import('@interseg/dicom');
  const scans: File[] = [];
  const problems: string[] = [];
  try {
    const { series } = await groupSeries(sources);
    if (series.length === 0) problems.push('Found DICOM files without a series of images, expected at least one.');
    for (const one of series) {
      try {
        scans.push(await niftiOf(await readSeries(one), nameOf(one, series, channels)));
      } catch (error) {
        problems.push((error as Error).message);
      }
    }
  } catch (error) {
    problems.push((error as Error).message);
  }
  return { scans, problems, others };
}

/** The file as a source, or the files of an archive with DICOM in it; none for anything else. */
async function sourcesOf(file: File): Promise<DicomSource[]> {
  const start = new Uint8Array(await file.slice(0, 132).arrayBuffer());
  const isArchive = start[0] === 0x50 && start[1] === 0x4b && /\.zip$/i.test(file.name);
  if (!isArchive && new TextDecoder('latin1').decode(start.subarray(128)) !== 'DICM') return [];
  const { dicomAmong, fileSource, zipSources } = await import('@interseg/dicom');
  if (!isArchive) return [fileSource(file, pathOf(file))];
  // What is wrong with an archive is said by those who look for a model in it.
  return zipSources(file, file.name).then(dicomAmong, () => []);
}

async function niftiOf(volume: SeriesVolume, name: string): Promise<File> {
  return new File([await encodeNifti(volume, { compressed: false })], `${name}.nii`);
}

/** A name without what people wrote into the files, as masks are saved under it. */
function nameOf(series: DicomSeries, all: readonly DicomSeries[], channels: readonly string[]): string {
  const words = (series.description ?? '').toLowerCase().split(/[^\p{L}\p{N}]+/u);
  const channel = channels.length > 1 ? channels.find((name) => words.includes(name.toLowerCase())) : undefined;
  if (channel !== undefined) return `series_${channel}`;
  const isUnique = all.filter(({ number }) => number === series.number).length === 1;
  return `series-${isUnique && series.number !== undefined ? series.number : all.indexOf(series) + 1}`;
}
