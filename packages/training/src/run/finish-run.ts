import { rm } from 'node:fs/promises';
import { DataError } from '@interseg/errors';
import { writeJson } from '@interseg/files';
import { saveModel, type ModelDescription } from '@interseg/inference';
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
  const { folder, configuration, dataset, split, hooks, network } = run;
  const note = (message: string): void => hooks.onNote?.(message);
  const state = await recoverCheckpoint(folder.best, network, () => undefined, note);
  if (!state) throw new DataError(`${folder.best}: found no checkpoint, expected that of the best epoch.`);
  const plain = modelDescription(configuration, dataset);
  const postProcessing = await chooseOnValidation(run, plain);
  const chosen = postProcessing && chosenSettings(postProcessing);
  const description = { ...plain, ...(chosen && { postProcessing: chosen }) };
  await saveModel(folder.model, network.deploy, description);
  const result = { bestEpoch: state.best?.epoch, ...(postProcessing && { postProcessing }) };
  if (split.test.length === 0) return result;
  const metrics = await evaluateCases(network.deploy, dataset, split.test, {
    description,
    engine: hooks.engine,
    predictions: folder.predictions,
    metrics: folder.metrics,
    onCase: (id) => hooks.onStage?.(`evaluating ${id}`),
  });
  return { ...result, metrics };
}

/** Chooses the post-processing of a run's model on the validation cases, if it is to be chosen, and notes it. */
async function chooseOnValidation(
  { folder, configuration, dataset, split, hooks, network }: PreparedRun,
  description: ModelDescription,
): Promise<PostProcessingChoice | undefined> {
  if (configuration.postProcessing === 'none') {
    await rm(folder.postProcessing, { force: true });
    return undefined;
  }
  const choice = await chooseForModel(network.deploy, dataset, description, split, (id) =>
    hooks.onStage?.(`choosing post-processing: ${id}`),
  );
  await writeJson(folder.postProcessing, choice);
  hooks.onStage?.(describePostProcessing(choice));
  return choice;
}
