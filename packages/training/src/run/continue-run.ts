import { rm, writeFile } from 'node:fs/promises';
import { openSlices, type DataSet, type SliceSource, type Split } from '@interseg/data';
import { DataError } from '@interseg/errors';
import { writeAtomically } from '@interseg/files';
import type { SegmentationNetwork } from '@interseg/models';
import { recoverCheckpoint, writeCheckpoint } from '../checkpoint/checkpoint.ts';
import type { CheckpointNotes } from '../checkpoint/checkpoint-file.ts';
import { augmentationOf, fitOptions, lossOptions, modelDescription, sliceSettings } from '../configuration/derive.ts';
import type { RunConfiguration } from '../configuration/run-configuration.ts';
import { evaluateCases } from '../evaluation/evaluate-cases.ts';
import type { MetricsFile } from '../evaluation/metrics-file.ts';
import { featuresCsv } from '../loop/feature-activation.ts';
import { fit, type FitResult } from '../loop/fit.ts';
import { historyCsv, type EpochRecord } from '../loop/history.ts';
import { skippedCsv } from '../loop/non-finite.ts';
import { pretrainMaskPath, trainedVariables } from '../loop/mask-path.ts';
import { currentLearningRate } from '../loop/train-epoch.ts';
import { initialState, type TrainingState } from '../loop/training-state.ts';
import { type ModelDescription, saveModel } from '@interseg/inference';
import { Adam } from '../optimizer/adam.ts';
import { recordEpochs } from '../record/record-run.ts';
import { createRunNetwork } from './create-run-network.ts';
import { watchForEarlyEnd } from './early-end.ts';
import { missedClasses } from './missed-classes.ts';
import type { RunFolder } from './run-folder.ts';
import type { RunHooks } from './run-hooks.ts';

/** How a run ended, and what it measured. */
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
  const network = createRunNetwork(configuration, dataset);
  const optimizer = new Adam(trainedVariables(network, configuration.maskPath));
  // Before the network itself, the mask path is trained by an optimiser of its own, with other variables.
  const maskPathOptimizer = configuration.maskPath === 'pretrained' ? new Adam(network.trainableVariables) : undefined;
  const write = (to: string, moments: Adam, now: TrainingState): Promise<void> =>
    writeCheckpoint(to, network, moments, now, checkpointNotes(configuration, hooks, now));
  try {
    const optimizerOf = ({ pretraining, pretrained }: TrainingState): Adam =>
      (pretraining && !pretrained && maskPathOptimizer) || optimizer;
    const note = (message: string): void => hooks.onNote?.(message);
    const restored = restore ? await recoverCheckpoint(folder.last, network, optimizerOf, note) : undefined;
    const state = restored ?? initialState();
    // A process that was killed may have written a checkpoint whose epoch was not in the history yet.
    if (restored) await writeHistory(folder, restored);
    const open = (ids: string[], part: string): Promise<SliceSource> => {
      hooks.onStage?.(`reading ${ids.length} ${part} ${ids.length === 1 ? 'case' : 'cases'}`);
      return openSlices(dataset, ids, slices, {
        memoryLimit: configuration.memoryLimit * 2 ** 20,
        backgroundSlices: configuration.backgroundSlices,
        workers: configuration.workers,
        cache:
          configuration.cache === undefined
            ? undefined
            : { folder: configuration.cache, limit: configuration.cacheLimit * 2 ** 30 },
        foregroundOversampling: configuration.foregroundOversampling,
        augmentation: augmentationOf(configuration),
        seed: configuration.seed,
      });
    };
    const train = await open(split.train, 'training');
    if (train.length === 0) {
      throw new DataError(`${dataset.folder}: found no training slice with foreground, expected at least one.`);
    }
    const validation = split.validation.length > 0 ? await open(split.validation, 'validation') : undefined;
    if (maskPathOptimizer && !state.pretrained) {
      state.pretraining ??= { epochs: 0, steps: 0 };
      hooks.onStage?.(`training the mask path for ${configuration.pretrainEpochs} epochs`);
      state.pretrained = await pretrainMaskPath(network, train, {
        epochs: configuration.pretrainEpochs,
        batchSize: configuration.batch,
        learningRate: configuration.learningRate,
        seed: configuration.seed,
        loss: lossOptions(configuration),
        signal: hooks.signal,
        compileStep: hooks.compileStep,
        state: state.pretraining,
        optimizer: maskPathOptimizer,
        onEpoch: () => write(folder.last, maskPathOptimizer, state),
      });
      if (!state.pretrained) return { stopped: 'interrupted', history: [] };
      await write(folder.last, optimizer, state);
    }
    const recordEpoch = await recordEpochs(folder, state.step);
    const endEarly = await watchForEarlyEnd(folder, configuration);
    hooks.onStage?.(`training ${network.options.variant.title} on ${train.length} slices`);
    const result = await fit(
      network,
      { train, validation },
      {
        ...fitOptions(configuration),
        onSkip: (_, message) => note(message),
        endEarly,
        state,
        optimizer,
        signal: hooks.signal,
        onStep: hooks.onStep,
        compileStep: hooks.compileStep,
        onEpoch: async (record, now, isBest) => {
          // The best one first: were it the other way round, a process killed in between would leave a `last` that knows
          // of a best epoch whose weights are nowhere.
          if (isBest) await write(folder.best, optimizer, now);
          await write(folder.last, optimizer, now);
          await writeHistory(folder, now);
          recordEpoch(record);
          hooks.onEpoch?.(record, isBest);
        },
      },
    );
    const isWhole = result.stopped === 'epochs' || result.stopped === 'patience';
    if (!isWhole) await write(folder.last, optimizer, result.state);
    if (!isWhole && result.stopped !== 'interrupted') await rm(folder.stop, { force: true });
    if (result.stopped === 'interrupted') {
      return { stopped: 'interrupted', history: result.state.history, bestEpoch: result.state.best?.epoch };
    }
    if (!result.state.best) {
      throw new Error(
        `${folder.root}: training was ended (${result.stopped}) within its first epoch, expected at least one whole epoch; 'interseg resume' goes on from there.`,
      );
    }
    const missed = missedClasses(result.state, dataset.classes);
    if (missed) note(missed);
    const description = modelDescription(configuration, dataset);
    const finished = await finishRun(folder, network, dataset, split, hooks, description);
    return { stopped: result.stopped, history: result.state.history, ...finished };
  } finally {
    optimizer.dispose();
    maskPathOptimizer?.dispose();
    network.dispose();
  }
}

async function writeHistory(folder: RunFolder, { history, skipped = [] }: TrainingState): Promise<void> {
  await writeAtomically(folder.history, (temporary) => writeFile(temporary, historyCsv(history)));
  if (history.some(({ scales }) => scales)) {
    await writeAtomically(folder.features, (temporary) => writeFile(temporary, featuresCsv(history)));
  }
  if (skipped.length > 0) {
    await writeAtomically(folder.skipped, (temporary) => writeFile(temporary, skippedCsv(skipped)));
  }
}

function checkpointNotes(
  configuration: RunConfiguration,
  { environment }: RunHooks,
  state: TrainingState,
): CheckpointNotes {
  const { seed } = configuration;
  const versions = environment?.['versions'] as Record<string, string> | undefined;
  return { learningRate: currentLearningRate(state, configuration), seed, ...(versions && { versions }) };
}

async function finishRun(
  folder: RunFolder,
  network: SegmentationNetwork,
  dataset: DataSet,
  split: Split,
  hooks: RunHooks,
  description: ModelDescription,
): Promise<Pick<RunResult, 'bestEpoch' | 'metrics'>> {
  const state = await recoverCheckpoint(
    folder.best,
    network,
    () => undefined,
    (message) => hooks.onNote?.(message),
  );
  if (!state) throw new DataError(`${folder.best}: found no checkpoint, expected that of the best epoch.`);
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
