import { DataError, OptionError } from '@interseg/errors';
import type { DicomFiles, DicomSeries } from './series.ts';

/**
 * Chooses series by UID or number; without any, the only one.
 *
 * @param asked UIDs or numbers, in the order wanted
 * @param path where the files lie, for errors
 * @param count how many are needed. Defaults to 1.
 * @throws DataError if there is no series, or several and none is asked for: they are named
 * @throws OptionError if no series, or several, are the one that is asked for
 */
export function chooseSeries(
  { series, leftOut }: DicomFiles,
  asked: readonly string[],
  path: string,
  count = 1,
): DicomSeries[] {
  if (series.length === 0) {
    const [first] = leftOut;
    const found = first ? `${leftOut.length} files, none of them a slice (${first.name}: ${first.reason})` : 'no file';
    throw new DataError(`${path}: found ${found}, expected a series of DICOM images.`);
  }
  const all = series.map(summary).join('; ');
  if (asked.length === 0) {
    if (series.length === count && count === 1) return [...series];
    throw new DataError(
      `${path}: found ${series.length} series (${all}), ` +
        `expected ${count === 1 ? 'one' : `${count}, one for each channel`}, chosen with --series.`,
    );
  }
  return asked.map((one) => {
    const found = series.filter(({ uid, number }) => uid === one || String(number) === one);
    if (found.length === 1) return found[0]!;
    const problem =
      found.length === 0 ? 'no series' : `${found.length} series (${found.map(({ uid }) => uid).join(', ')})`;
    throw new OptionError(
      `--series: found ${problem} with the number or UID ${JSON.stringify(one)} in ${path}, expected one of ${all}.`,
    );
  });
}

/** A series in a list of several: nothing that people wrote. */
function summary(series: DicomSeries): string {
  const { number, uid, modality, instances } = series;
  const files = `${instances.length} file${instances.length === 1 ? '' : 's'}`;
  return `${number ?? uid}: ${/^[A-Z]{2,16}$/.test(modality) ? modality : 'no modality'}, ${files}`;
}
