import type { DicomLimits } from '../parsing/parse-instance.ts';
import { startWebWorker } from '../pixels/decoding/web-worker.ts';
import { readSeriesWith, type SeriesVolume } from './read-series.ts';
import type { DicomSeries } from './series.ts';

/** Reads the volume of a series in a browser, as Node's `readSeries` does. @throws DataError as it does */
export async function readSeries(series: DicomSeries, limits: DicomLimits = {}): Promise<SeriesVolume> {
  const { navigator } = globalThis as { navigator?: { hardwareConcurrency?: number } };
  return readSeriesWith({ startWorker: startWebWorker, cores: navigator?.hardwareConcurrency ?? 1 }, series, limits);
}
