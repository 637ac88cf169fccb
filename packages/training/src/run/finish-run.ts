import { DataError } from '@interseg/errors';
import { saveModel } from '@interseg/inference';
import { recoverCheckpoint } from '../checkpoint/checkpoint.ts';
import { modelDescription } from '../configuration/derive.ts';
import { evaluateCases } from '../evaluation/evaluate-cases.ts';
import type { MetricsFile } from '../evaluation/metrics-file.ts';
import type { PreparedRun } from './prepare-run.ts';

/** Exports the best epoch of a run as a model, and evaluates it on the test cases. */
export async function finishRun({
  folder,
  configuration,
  dataset,
  split,
  hooks,
  network,
}: PreparedRun): Promise<{ bestEpoch?: number; metrics?: MetricsFile }> {
  const note = (message: string): void => hooks.onNote?.(message);
  const state = await recoverCheckpoint(folder.best, network, () => undefined, note);
  if (!state) throw new DataError(`${folder.best}: found no checkpoint, expected that of the best epoch.`);
  const description = modelDescription(configuration, dataset);
  await saveModel(folder.model, network.deploy, description);
  const bestEpoch = state.best?.epoch;
  if (split.test.length === 0) return { bestEpoch };
  const metrics = await evaluateCases(network.deploy, dataset, split.test, {
    description,
    engine: hooks.engine,
    predictions: folder.predictions,
    metrics: folder.metrics,
    onCase: (id) => hooks.onStage?.(`evaluating ${id}`),
  });
  return { bestEpoch, metrics };
}
