import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { readJsonObject, type DataSet } from '@interseg/data';
import { findVariant } from '@interseg/models';
import {
  openData,
  parseHistoryCsv,
  readConfiguration,
  runFolder,
  type EpochRecord,
  type MetricsFile,
  type RunFolder,
} from '@interseg/training';
import { collectPictures } from './collect-pictures.ts';
import { parseFeatureCurves } from './feature-curves.ts';
import { orNote } from '../../errors/or-note.ts';
import type { ReportContent } from './run-content.ts';

/**
 * Reads what a report shows from a run folder and, for the pictures, from the run's data set. Only the configuration must be
 * there: an interrupted run, or one whose data has gone, has a report of what there is.
 *
 * @throws DataError when the folder holds no run
 */
export async function collectContent(run: string): Promise<ReportContent> {
  const folder = runFolder(run);
  const configuration = await readConfiguration(folder);
  const notes: string[] = [];
  const dataset = await orNote(notes, 'There are no pictures', () => openData(configuration));
  const metrics = (await ifPresent(folder.metrics, 'metrics.json')) as unknown as MetricsFile | undefined;
  const variant = findVariant(configuration.variant);
  if (!metrics) notes.push('The run has no test results yet.');
  const pictures = dataset && metrics ? await collectPictures(folder, configuration, dataset, metrics, notes) : [];
  return {
    run: basename(resolve(run)),
    variantTitle: variant.title,
    variantDescription: variant.mechanism.description,
    dataset: dataset?.name ?? basename(configuration.data),
    configuration,
    environment: (await ifPresent(folder.environment, 'environment.json')) ?? {},
    history: await readHistory(folder.history),
    features: parseFeatureCurves(await readFile(folder.features, 'utf8').catch(() => '')),
    split: await readSplitCounts(folder),
    parameters: await countParameters(folder),
    metrics,
    pictures,
    channel: dataset && channelName(dataset),
    notes,
  };
}

function channelName({ channels }: DataSet): string | undefined {
  return channels.length > 1 ? channels[0] : undefined;
}

/** A JSON file that may be missing. */
export async function ifPresent(path: string, expected: string): Promise<Record<string, unknown> | undefined> {
  const isThere = await readFile(path).then(
    () => true,
    () => false,
  );
  return isThere ? readJsonObject(path, expected) : undefined;
}

async function readHistory(path: string): Promise<EpochRecord[]> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? [] : parseHistoryCsv(text);
}

async function readSplitCounts(folder: RunFolder): Promise<ReportContent['split']> {
  const split = await ifPresent(folder.split, 'split.json');
  const count = (part: string): number => (Array.isArray(split?.[part]) ? split[part].length : 0);
  return split && { train: count('train'), validation: count('validation'), test: count('test') };
}

async function countParameters(folder: RunFolder): Promise<number | undefined> {
  const model = await ifPresent(join(folder.model, 'model.json'), 'a model');
  const manifest = model?.['weightsManifest'] as { weights: { shape: number[] }[] }[] | undefined;
  const weights = manifest?.flatMap((group) => group.weights);
  return weights?.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
}
