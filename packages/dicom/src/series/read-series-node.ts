import { availableParallelism } from 'node:os';
import type { DicomLimits } from '../parsing/parse-instance.ts';
import { startNodeWorker } from '../pixels/decoding/node-worker.ts';
import { readSeriesWith, type SeriesVolume } from './read-series.ts';
import type { DicomSeries } from './series.ts';

/**
 * Reads the volume of a series. Values are rescaled; they are whole numbers of 16 bits where those suffice.
 *
 * Everything that the headers promise is compared with the bytes that are there, before memory is allocated. JPEG,
 * JPEG-LS and JPEG 2000 are decoded in workers, with a limit of time.
 *
 * @throws DataError naming the series and the file, if slices do not lie on one grid (see `SeriesGeometry`), pixels
 * are coloured, damaged or in an encoding that is not known, or the volume is too large
 */
export async function readSeries(series: DicomSeries, limits: DicomLimits = {}): Promise<SeriesVolume> {
  return readSeriesWith({ startWorker: startNodeWorker, cores: availableParallelism() }, series, limits);
}
