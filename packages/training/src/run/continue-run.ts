import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DataError,
  exists,
  openSlices,
  writeAtomically,
  type DataSet,
  type SliceSource,
  type Split,
} from '@interseg/data';
import { createNetwork, type SegmentationNetwork } from '@interseg/models';
import { readCheckpoint, writeCheckpoint } from '../checkpoint/checkpoint.ts';
import { augmentationOf, lossOptions, networkOptions, sliceSettings } from '../configuration/derive.ts';
import type { RunConfiguration } from '../configuration/run-configuration.ts';
import { evaluateCases } from '../evaluation/evaluate-cases.ts';
import type { MetricsFile } from '../evaluation/metrics-file.ts';
import { featuresCsv } from '../loop/feature-scale.ts';
import { fit, type FitResult } from '../loop/fit.ts';
import { historyCsv, type EpochRecord } from '../loop/history.ts';
import { pretrainMaskPath, trainedVariables } from '../loop/mask-path.ts';
import { initialState } from '../loop/training-state.ts';
import { saveModel } from '../model-files/save-model.ts';
import type { ModelDescription } from '../model-files/model-description.ts';
import { Adam } from '../optimizer/adam.ts';
import type { RunFolder } from './run-folder.ts';
import type { RunHooks } from './run-hooks.ts';

export interface RunResult {
  stopped: FitResult['stopped'];
  history: EpochRecord[];
  bestEpoch?: number;
  /** Absent when the run was interrupted or has no test case. */
  metrics?: MetricsFile;
}

/** Trains from where the run stands, then exports and evaluates the best checkpoint. */
export async function continueRun(
  folder: RunFolder,
  configuration: RunConfiguration,
  dataset: DataSet,
  split: Split,
  hooks: RunHooks,
  { restore }: { restore: boolean },
): Promise<RunResult> {
  const slices = sliceSettings(configuration, dataset.modality);
  const network = createNetwork(networkOptions(configuration, dataset));
  const optimizer = new Adam(trainedVariables(network, configuration.maskPath));
  try {
    const hasCheckpoint = restore && (await exists(join(folder.last, 'checkpoint.json')));
    const state = hasCheckpoint ? await readCheckpoint(folder.last, network, optimizer) : initialState();
    const open = (ids: string[], part: string): Promise<SliceSource> => {
      hooks.onStage?.(`reading ${ids.length} ${part} ${ids.length === 1 ? 'case' : 'cases'}`);
      return openSlices(dataset, ids, slices, {
        memoryLimit: configuration.memoryLimit * 2 ** 20,
        backgroundSlices: configuration.backgroundSlices,
        augmentation: augmentationOf(configuration),
        seed: configuration.seed,
      });
    };
    const train = await open(split.train, 'training');
    if (train.length === 0) {
      throw new DataError(`${dataset.folder}: found no training slice with foreground, expected at least one.`);
    }
    const validation = split.validation.length > 0 ? await open(split.validation, 'validation') : undefined;
    if (configuration.maskPath === 'pretrained' && !state.pretrained) {
      hooks.onStage?.(`training the mask path for ${configuration.pretrainEpochs} epochs`);
      state.pretrained = await pretrainMaskPath(network, train, {
        epochs: configuration.pretrainEpochs,
        batchSize: configuration.batch,
        learningRate: configuration.learningRate,
        seed: configuration.seed,
        loss: lossOptions(configuration),
        signal: hooks.signal,
        compileStep: hooks.compileStep,
      });
      if (!state.pretrained) return { stopped: 'interrupted', history: [] };
      await writeCheckpoint(folder.last, network, optimizer, state);
    }
    hooks.onStage?.(`training ${network.options.variant.title} on ${train.length} slices`);
    const result = await fit(
      network,
      { train, validation },
      {
        epochs: configuration.epochs,
        batchSize: configuration.batch,
        patience: configuration.patience,
        learningRate: configuration.learningRate,
        learningRateDecay: configuration.learningRateDecay,
        decayEvery: configuration.decayEvery,
        seed: configuration.seed,
        loss: lossOptions(configuration),
        state,
        optimizer,
        signal: hooks.signal,
        onStep: hooks.onStep,
        compileStep: hooks.compileStep,
        onEpoch: async (record, now, isBest) => {
          await writeCheckpoint(folder.last, network, optimizer, now);
          if (isBest) await writeCheckpoint(folder.best, network, optimizer, now);
          await writeAtomically(folder.history, (temporary) => writeFile(temporary, historyCsv(now.history)));
          if (record.scales) {
            await writeAtomically(folder.features, (temporary) => writeFile(temporary, featuresCsv(now.history)));
          }
          hooks.onEpoch?.(record, isBest);
        },
      },
    );
    if (result.stopped === 'interrupted') {
      await writeCheckpoint(folder.last, network, optimizer, result.state);
      return { stopped: 'interrupted', history: result.state.history, bestEpoch: result.state.best?.epoch };
    }
    const metrics = await finishRun(folder, network, dataset, split, hooks, {
      variant: configuration.variant,
      channels: dataset.channels,
      modality: dataset.modality,
      classes: dataset.classes,
      slices,
    });
    return { stopped: result.stopped, history: result.state.history, bestEpoch: result.state.best?.epoch, metrics };
  } finally {
    optimizer.dispose();
    network.dispose();
  }
}

async function finishRun(
  folder: RunFolder,
  network: SegmentationNetwork,
  dataset: DataSet,
  split: Split,
  hooks: RunHooks,
  description: ModelDescription,
): Promise<MetricsFile | undefined> {
  await readCheckpoint(folder.best, network, undefined);
  await saveModel(folder.model, network.deploy, description);
  if (split.test.length === 0) return undefined;
  return evaluateCases(network.deploy, dataset, split.test, {
    description,
    engine: hooks.engine,
    predictions: folder.predictions,
    metrics: folder.metrics,
    onCase: (id) => hooks.onStage?.(`evaluating ${id}`),
  });
}
