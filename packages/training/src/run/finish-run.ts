import { readFile, rm } from 'node:fs/promises';
import { DataError } from '@interseg/errors';
import { createOnce, jsonText, readJsonObject, writeJson } from '@interseg/files';
import { compileNetwork, saveModel, type ModelDescription, type SliceNetwork } from '@interseg/inference';
import { recoverCheckpoint } from '../checkpoint/checkpoint.ts';
import { modelDescription } from '../configuration/derive.ts';
import { evaluateCases } from '../evaluation/evaluate-cases.ts';
import type { MetricsFile } from '../evaluation/metrics-file.ts';
import {
  chooseForModel,
  chosenSettings,
  describePostProcessing,
  type PostProcessingChoice,
} from '../post-processing/choose-for-model.ts';
import type { PreparedRun } from './prepare-run.ts';

/** Exports the best epoch of a run as a model, chooses its post-processing, and evaluates it on the test cases. */
export async function finishRun(
  run: PreparedRun,
): Promise<{ bestEpoch?: number; metrics?: MetricsFile; postProcessing?: PostProcessingChoice }> {
  const { folder, network, hooks } = run;
  const note = (message: string): void => hooks.onNote?.(message);
  const state = await recoverCheckpoint(folder.best, network, () => undefined, note);
  if (!state) throw new DataError(`${folder.best}: found no checkpoint, expected that of the best epoch.`);
  const deployed = compileNetwork(network.deploy, hooks.compilePass);
  try {
    return { bestEpoch: state.best?.epoch, ...(await exportAndEvaluate(run, deployed)) };
  } finally {
    deployed.release();
  }
}

/** @param deployed `network.deploy`, to segment with */
async function exportAndEvaluate(
  run: PreparedRun,
  deployed: SliceNetwork,
): Promise<{ metrics?: MetricsFile; postProcessing?: PostProcessingChoice }> {
  const { folder, lock, configuration, dataset, split, hooks, network } = run;
  const plain = modelDescription(configuration, dataset);
  const postProcessing = await chooseOnValidation(run, deployed, plain);
  const chosen = postProcessing && chosenSettings(postProcessing);
  const description = { ...plain, ...(chosen && { postProcessing: chosen }) };
  await lock.check();
  await saveModel(folder.model, network.deploy, description);
  const result = { ...(postProcessing && { postProcessing }) };
  if (split.test.length === 0) return result;
  const metrics = await evaluateCases(deployed, dataset, split.test, {
    description,
    engine: hooks.engine,
    predictions: folder.predictions,
    onCase: (id) => hooks.onStage?.(`evaluating ${id}`),
  });
  return { ...result, metrics: await recordMetrics(run, metrics) };
}

/**
 * Writes `metrics.json` in the place of that of an earlier end. Should another process have taken the run over and finished it
 * in the moment since the lock was looked at, its numbers stand: they may have been read already.
 *
 * @returns the metrics that the folder holds now
 */
async function recordMetrics(
  { folder, lock, earlierMetrics, hooks }: PreparedRun,
  metrics: MetricsFile,
): Promise<MetricsFile> {
  await lock.check();
  const now = await readFile(folder.metrics, 'utf8').catch(() => undefined);
  if (now !== undefined && now === earlierMetrics) await rm(folder.metrics);
  if (await createOnce(folder.metrics, jsonText(metrics))) return metrics;
  hooks.onNote?.(`${folder.metrics}: another process has finished this run, too; its metrics stand`);
  return (await readJsonObject(folder.metrics, 'the metrics of a run')) as unknown as MetricsFile;
}

/** Chooses the post-processing of a run's model on the validation cases, if it is to be chosen, and notes it. */
async function chooseOnValidation(
  { folder, lock, configuration, dataset, split, hooks }: PreparedRun,
  deployed: SliceNetwork,
  description: ModelDescription,
): Promise<PostProcessingChoice | undefined> {
  if (configuration.postProcessing === 'none') {
    await rm(folder.postProcessing, { force: true });
    return undefined;
  }
  const choice = await chooseForModel(deployed, dataset, description, split, (id) =>
    hooks.onStage?.(`choosing post-processing: ${id}`),
  );
  await lock.check();
  await writeJson(folder.postProcessing, choice);
  hooks.onStage?.(describePostProcessing(choice));
  return choice;
}
