import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { DataSet } from '@interseg/data';
import { exists } from '@interseg/files';
import { findVariant } from '@interseg/models';
import {
  openData,
  parseHistoryCsv,
  readConfiguration,
  runFolder,
  type EpochRecord,
  type MetricsFile,
  type PostProcessingChoice,
  type RunFolder,
} from '@interseg/training';
import { quoteArgument } from '../../environment/environment.ts';
import { orNote, readJsonIfPresent } from '../../errors/optional-input.ts';
import { pageInRun } from '../../page/write-page.ts';
import { collectPictures } from './collect-pictures.ts';
import { parseFeatureCurves } from './feature-curves.ts';
import type { RunContent } from './run-content.ts';

/**
 * Reads the content of a report from a run folder and, for the pictures, from the run's data set. Only the configuration must
 * exist: the report of an interrupted run, or of one whose data set is gone, shows what is left.
 *
 * @throws DataError when the folder does not contain a run
 */
export async function collectRunContent(run: string): Promise<RunContent> {
  const folder = runFolder(run);
  const configuration = await readConfiguration(folder);
  const notes: string[] = [];
  const dataset = await orNote(notes, 'The pictures are missing', () => openData(configuration));
  const metrics = (await readJsonIfPresent(folder.metrics, 'metrics.json')) as unknown as MetricsFile | undefined;
  const postProcessing = await readJsonIfPresent(folder.postProcessing, 'post-processing.json');
  const variant = findVariant(configuration.variant);
  if (!metrics) notes.push('This run has no test results yet.');
  const pictures = dataset && metrics ? await collectPictures(folder, configuration, dataset, metrics, notes) : [];
  return {
    run: basename(resolve(run)),
    view: await describeView(run, folder),
    variantTitle: variant.title,
    variantDescription: variant.mechanism.description,
    dataset: dataset?.name ?? basename(configuration.data),
    configuration,
    environment: (await readJsonIfPresent(folder.environment, 'environment.json')) ?? {},
    history: await readHistory(folder.history),
    features: parseFeatureCurves(await readFile(folder.features, 'utf8').catch(() => '')),
    split: await readSplitCounts(folder),
    parameters: await countParameters(folder),
    metrics,
    postProcessing: postProcessing as unknown as PostProcessingChoice | undefined,
    pictures,
    channel: dataset && channelName(dataset),
    notes,
  };
}

async function describeView(run: string, folder: RunFolder): Promise<RunContent['view']> {
  if (!(await exists(join(folder.model, 'model.json')))) return undefined;
  const isPageInRun = await exists(join(pageInRun(run), 'index.html'));
  return { command: `interseg view ${quoteArgument(run)}`, isPageInRun };
}

function channelName({ channels }: DataSet): string | undefined {
  return channels.length > 1 ? channels[0] : undefined;
}

async function readHistory(path: string): Promise<EpochRecord[]> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? [] : parseHistoryCsv(text);
}

async function readSplitCounts(folder: RunFolder): Promise<RunContent['split']> {
  const split = await readJsonIfPresent(folder.split, 'split.json');
  const count = (part: string): number => (Array.isArray(split?.[part]) ? split[part].length : 0);
  const parts = { train: count('train'), validation: count('validation'), test: count('test') };
  return split && { ...parts, unlabelled: count('unlabelled') };
}

async function countParameters(folder: RunFolder): Promise<number | undefined> {
  const model = await readJsonIfPresent(join(folder.model, 'model.json'), 'a model');
  const manifest = model?.['weightsManifest'] as { weights: { shape: number[] }[] }[] | undefined;
  const weights = manifest?.flatMap((group) => group.weights);
  return weights?.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
}
