import { DataError } from '@interseg/errors';
import { inParallel } from '../files/in-parallel.ts';
import type { DicomInstance } from '../parsing/instance.ts';
import { parseInstance, type DicomLimits } from '../parsing/parse-instance.ts';
import type { DicomSource } from '../parsing/source.ts';
import { tags, text } from '../parsing/values.ts';

/** The images of one series. */
export interface DicomSeries {
  /** SeriesInstanceUID. */
  readonly uid: string;
  readonly number?: number;
  /** Such as `CT` or `MR`. */
  readonly modality: string;
  /** What the scanner's user wrote, which may hold names: not for logs and errors. */
  readonly description?: string;
  /** In the order of the files. */
  readonly instances: readonly DicomInstance[];
}

/** A file that belongs to no series of images. */
export interface LeftOut {
  readonly name: string;
  /** Why, such as `'a localizer'` or `'not a DICOM file'`. */
  readonly reason: string;
  /** What it is, if it is a DICOM file: a segmentation, say. */
  readonly instance?: DicomInstance;
}

/** What was found in a folder, an archive or a list of files. */
export interface DicomFiles {
  /** By series number, then by UID. */
  readonly series: readonly DicomSeries[];
  readonly leftOut: readonly LeftOut[];
}

/** The SOP class of segmentations (DICOM SEG). */
export const segmentationClass = '1.2.840.10008.5.1.4.1.1.66.4';

/** Objects with pixels, or none, that are no images of a patient, by SOP class. */
const otherObjects: Readonly<Record<string, string>> = {
  [segmentationClass]: 'a segmentation',
  '1.2.840.10008.1.3.10': 'a directory (DICOMDIR)',
  '1.2.840.10008.5.1.4.1.1.481.2': 'a dose',
  '1.2.840.10008.5.1.4.1.1.481.3': 'a set of structures',
  '1.2.840.10008.5.1.4.1.1.481.5': 'a plan',
  '1.2.840.10008.5.1.4.1.1.11.1': 'a presentation state',
  '1.2.840.10008.5.1.4.1.1.66': 'raw data',
  '1.2.840.10008.5.1.4.1.1.66.1': 'a registration',
  '1.2.840.10008.5.1.4.1.1.7': 'a secondary capture',
};

/**
 * Reads the headers of files and groups the images by series. Files that are no DICOM, other objects and localizers are
 * left out, with the reason; so are damaged files, if there are others.
 *
 * @throws DataError if there is no image and a file is damaged: what is wrong with the first of them
 */
export async function groupSeries(sources: readonly DicomSource[], limits: DicomLimits = {}): Promise<DicomFiles> {
  const parsed = new Array<DicomInstance | DataError>(sources.length);
  await inParallel(sources, async (source, index) => {
    parsed[index] = await parseInstance(source, limits).catch((error: unknown) => {
      if (error instanceof DataError) return error;
      throw error;
    });
  });
  const groups = new Map<string, DicomInstance[]>();
  const leftOut: LeftOut[] = [];
  parsed.forEach((one, index) => {
    const { name } = sources[index]!;
    if (one instanceof DataError) {
      leftOut.push({ name, reason: one.message.slice(name.length + 2).replace(/\.$/, '') });
      return;
    }
    const reason = whyNot(one);
    if (reason !== undefined) {
      leftOut.push({ name, reason, instance: one });
      return;
    }
    const group = groups.get(one.series);
    if (group) group.push(one);
    else groups.set(one.series, [one]);
  });
  const damaged = parsed.find((one) => one instanceof DataError);
  if (groups.size === 0 && damaged && leftOut.every(({ instance }) => instance === undefined)) throw damaged;
  const series = [...groups].map(([uid, instances]): DicomSeries => {
    const [first] = instances as [DicomInstance];
    const { seriesNumber: number, modality, seriesDescription: description } = first;
    return { uid, number, modality, description, instances };
  });
  series.sort((a, b) => (a.number ?? Infinity) - (b.number ?? Infinity) || (a.uid < b.uid ? -1 : 1));
  return { series, leftOut };
}

/** Why an object is no slice of a series, if it is not. */
function whyNot(instance: DicomInstance): string | undefined {
  const known = otherObjects[instance.sopClass];
  if (known !== undefined) return known;
  if (instance.pixels === undefined) return 'an object without pixels';
  if (instance.rows === 0 || instance.columns === 0) return 'an image without a size';
  const kinds = text(instance.dataSet, tags.imageType)?.split('\\') ?? [];
  return kinds.some((kind) => kind.trim() === 'LOCALIZER') ? 'a localizer' : undefined;
}

/** A series for errors: its number, or its UID if it has none, and where it lies. Never what people wrote. */
export function seriesName({ number, uid, instances }: DicomSeries): string {
  const [first] = instances;
  const which = number ?? (/^[\d.]{1,64}$/.test(uid) ? uid : 'without a number');
  return `series ${which} (${instances.length === 1 ? '' : `${instances.length} files, `}${first?.name ?? ''})`;
}
