import { findSeries, seriesGeometry, seriesName, type DicomSeries, type SegmentedSeries } from '@interseg/dicom';
import { DataError, isInputError } from '@interseg/errors';

/**
 * The series that a mask belongs to, of those in a folder.
 *
 * @param path a folder, a file or an archive of images
 * @param fits whether a series may be the one; all may unless told
 * @throws DataError if none fits, or several do
 */
export async function referenceSeries(
  path: string,
  fits: (series: DicomSeries, geometry: SegmentedSeries) => boolean = () => true,
): Promise<SegmentedSeries> {
  const { series } = await findSeries(path);
  const fitting: { one: DicomSeries; geometry: SegmentedSeries }[] = [];
  const reasons: unknown[] = [];
  for (const one of series) {
    try {
      const geometry = seriesGeometry(one);
      if (fits(one, geometry)) fitting.push({ one, geometry });
    } catch (error) {
      if (!isInputError(error)) throw error;
      reasons.push(error);
    }
  }
  if (fitting.length === 1) return fitting[0]!.geometry;
  // What is wrong with the only series says more than that none fits.
  if (series.length === 1 && reasons.length === 1) throw reasons[0];
  const names = (list: readonly DicomSeries[]): string => list.map(seriesName).join(', ') || 'no series';
  const expected = 'expected one to which the mask belongs';
  if (fitting.length > 1) {
    throw new DataError(`${path}: found ${names(fitting.map(({ one }) => one))}, ${expected}.`);
  }
  throw new DataError(`${path}: found ${names(series)}, of which none fits, ${expected}.`);
}
