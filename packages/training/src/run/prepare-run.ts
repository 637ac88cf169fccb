import { readFile } from 'node:fs/promises';
import {
  openSlices,
  openUnlabelledSlices,
  type DataSet,
  type SliceSource,
  type Split,
  type UnlabelledSource,
} from '@interseg/data';
import { DataError } from '@interseg/errors';
import type { SegmentationNetwork } from '@interseg/models';
import { recoverCheckpoint, writeCheckpoint } from '../checkpoint/checkpoint.ts';
import type { CheckpointNotes } from '../checkpoint/checkpoint-file.ts';
import { openSlicesOptions, sliceSettings } from '../configuration/derive.ts';
import type { RunConfiguration } from '../configuration/run-configuration.ts';
import { trainedVariables } from '../loop/mask-path.ts';
import { countSteps, currentLearningRate } from '../loop/train-epoch.ts';
import { initialState, type TrainingState } from '../loop/training-state.ts';
import { createOptimizer } from '../optimizer/create-optimizer.ts';
import type { Optimizer } from '../optimizer/optimizer.ts';
import { writeHistory } from '../record/write-history.ts';
import { createRunNetwork } from './create-run-network.ts';
import type { RunLock } from './lock/run-lock.ts';
import type { RunFolder } from './run-folder.ts';
import type { RunHooks } from './run-hooks.ts';
import { takeWeights } from './take-weights.ts';

/** A run: where it is, what it is about and how it tells of its work. */
export interface RunContext {
  folder: RunFolder;
  /** Held while the run is worked on. */
  lock: RunLock;
  configuration: RunConfiguration;
  dataset: DataSet;
  split: Split;
  hooks: RunHooks;
}

/** A run with all that training needs in memory. */
export interface PreparedRun extends RunContext {
  network: SegmentationNetwork;
  optimizer: Optimizer;
  /** Trains the mask path or the reconstruction before the network; absent where nothing comes before it. */
  pretrainingOptimizer?: Optimizer;
  /** Where the run stands. */
  state: TrainingState;
  train: SliceSource;
  validation?: SliceSource;
  /** The slices without labels beside those for training. */
  unlabelled?: UnlabelledSource;
  /** `metrics.json` of an earlier end of the run, which this one replaces; absent where there is none. */
  earlierMetrics?: string;
  /** Writes a checkpoint to a folder. @throws LockLostError when another process has taken the run over */
  write: (folder: string, optimizer: Optimizer, state: TrainingState) => Promise<void>;
  /** Disposes the network and the moments. */
  dispose: () => void;
}

/**
 * Makes the network of a run, restores it where it stands, and reads the slices for training and validation.
 *
 * @throws DataError or OptionError when the data or the options do not allow training
 */
export async function prepareRun(run: RunContext, { restore }: { restore: boolean }): Promise<PreparedRun> {
  const { folder, lock, configuration, dataset, split, hooks } = run;
  const network = createRunNetwork(configuration, dataset);
  const isPretrained = configuration.maskPath === 'pretrained' || configuration.pretrain !== 'none';
  const optimizer = createOptimizer(network, configuration, trainedVariables(network, configuration.maskPath));
  const ofPretraining = { ...configuration, averageWeights: 0 };
  const pretrainingOptimizer = isPretrained ? createOptimizer(network, ofPretraining) : undefined;
  const dispose = (): void => {
    optimizer.dispose();
    pretrainingOptimizer?.dispose();
    network.dispose();
  };
  try {
    const chooseOptimizer = ({ pretraining, pretrained }: TrainingState): Optimizer =>
      (pretraining && !pretrained && pretrainingOptimizer) || optimizer;
    const restored = restore
      ? await recoverCheckpoint(folder.last, network, chooseOptimizer, (message) => hooks.onNote?.(message))
      : undefined;
    if (!restore && configuration.initialWeights !== undefined) {
      await startFrom(configuration.initialWeights, network, optimizer, hooks);
    }
    // A process that was killed may have written a checkpoint whose epoch was not in the history yet.
    if (restored) await writeHistory(folder, restored);
    const train = await openPart(run, split.train, 'training');
    if (train.length === 0) {
      throw new DataError(`${dataset.folder}: found no training slice with foreground, expected at least one.`);
    }
    const unlabelled = await openUnlabelled(run);
    const validation = split.validation.length > 0 ? await openPart(run, split.validation, 'validation') : undefined;
    return {
      ...run,
      earlierMetrics: await readFile(folder.metrics, 'utf8').catch(() => undefined),
      network,
      optimizer,
      pretrainingOptimizer,
      state: restored ?? initialState(),
      train,
      validation,
      unlabelled,
      write: async (to, moments, now) => {
        await lock.check();
        await writeCheckpoint(to, network, moments, now, checkpointNotes(run, now, train));
      },
      dispose,
    };
  } catch (error) {
    dispose();
    throw error;
  }
}

async function startFrom(
  path: string,
  network: SegmentationNetwork,
  { average }: Optimizer,
  { onNote }: RunHooks,
): Promise<void> {
  const { kept } = await takeWeights(network, path);
  average?.restart();
  const exception = kept.length > 0 ? `, but for ${kept.join(', ')}, which it lacks or has with other shapes` : '';
  onNote?.(`${path}: training starts from its weights${exception}.`);
}

async function openPart(
  { configuration, dataset, hooks }: RunContext,
  ids: readonly string[],
  part: string,
): Promise<SliceSource> {
  hooks.onStage?.(`reading ${ids.length} ${part} ${ids.length === 1 ? 'case' : 'cases'}`);
  return openSlices(dataset, ids, sliceSettings(configuration, dataset.modality), openSlicesOptions(configuration));
}

async function openUnlabelled(run: RunContext): Promise<UnlabelledSource | undefined> {
  const { unlabelled = [] } = run.split;
  if (unlabelled.length === 0 || run.configuration.unlabelledRatio === 0) return undefined;
  return openImages(run, unlabelled, 'unlabelled');
}

/** Opens the images of cases, whether they have labels or not. */
export async function openImages(
  { configuration, dataset, hooks }: Pick<RunContext, 'configuration' | 'dataset' | 'hooks'>,
  ids: readonly string[],
  part: string,
): Promise<UnlabelledSource> {
  hooks.onStage?.(`reading ${ids.length} ${part} ${ids.length === 1 ? 'case' : 'cases'}`);
  const { augmentation, memoryLimit, workers, cache } = openSlicesOptions(configuration);
  const settings = sliceSettings(configuration, dataset.modality);
  return openUnlabelledSlices(dataset, ids, settings, { augmentation, memoryLimit, workers, cache });
}

function checkpointNotes(
  { configuration, hooks }: RunContext,
  state: TrainingState,
  train: SliceSource,
): CheckpointNotes {
  const { seed } = configuration;
  const versions = hooks.environment?.['versions'] as Record<string, string> | undefined;
  const learningRate = currentLearningRate(state, countSteps(train, configuration.batch), configuration);
  return { learningRate, seed, ...(versions && { versions }) };
}
