import type { CaseVolume } from '@interseg/data';
import { chooseSeries, findSeries, readSeries, seriesName, type SeriesVolume } from '@interseg/dicom';
import { imageFromVolumes, type ModelDescription } from '@interseg/inference';
import { UsageError } from '../errors/usage-error.ts';

/** A series to segment on its own. */
export interface SeriesCase {
  /** Names its output: nothing that people wrote. */
  readonly id: string;
  read(): Promise<{ volume: CaseVolume; series: readonly SeriesVolume[] }>;
}

/**
 * The series of a folder, each to be segmented on its own by a model of one channel.
 *
 * @param asked UIDs or numbers of the series. Defaults to all.
 * @throws UsageError for a model of several channels; DataError if there is no series
 */
export async function listSeriesCases(
  folder: string,
  description: Pick<ModelDescription, 'channels' | 'modality' | 'classes'>,
  asked: readonly string[],
): Promise<SeriesCase[]> {
  const { channels } = description;
  if (channels.length > 1) {
    throw new UsageError(
      `--format: found dicom for a model with the channels ${channels.join(', ')}, expected one channel, or --series for each and a file as --output.`,
    );
  }
  const files = await findSeries(folder);
  const one = files.series.length > 0 && asked.length === 0;
  const chosen = one ? files.series : chooseSeries(files, asked, folder, Math.max(1, asked.length));
  const taken = new Map<string, number>();
  return chosen.map((series) => {
    const name = `series-${series.number ?? 'unnumbered'}`;
    const count = (taken.get(name) ?? 0) + 1;
    taken.set(name, count);
    return {
      id: count === 1 ? name : `${name}-${count}`,
      async read() {
        const volume = await readSeries(series);
        return {
          volume: await imageFromVolumes([{ path: seriesName(series), volume }], description),
          series: [volume],
        };
      },
    };
  });
}
