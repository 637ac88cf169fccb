import { rm, rmdir } from 'node:fs/promises';
import type { DataSet, Split } from '@interseg/data';
import { DataError } from '@interseg/errors';
import { exists, makeFolder, writeJson } from '@interseg/files';
import { storageOptions } from '../configuration/derive.ts';
import { pickOptions } from '../configuration/option.ts';
import { withAbsolutePaths } from '../configuration/paths.ts';
import {
  runConfiguration,
  runOptionsSchema,
  type RunConfiguration,
  type RunConfigurationInput,
} from '../configuration/run-configuration.ts';
import { checkGivenOptions } from '../plan/check-given.ts';
import { planRun, type Plan, type PlanOptions } from '../plan/plan-run.ts';
import { loadPlugins } from '../plugins/load-plugins.ts';
import type { RunResult } from '../run/continue-run.ts';
import { checkRunOptions } from '../run/create-run-network.ts';
import { chooseCases, openData, openSplit } from '../run/open-data.ts';
import type { RunHooks } from '../run/run-hooks.ts';
import { LockLostError, RunHeldError } from '../run/lock/lock-errors.ts';
import { lockRun } from '../run/lock/run-lock.ts';
import { resume, trainOnSplit } from '../run/train.ts';
import { evaluateFolds, type FoldsSummary } from './evaluate-folds.ts';
import { checkSameFolds, readFolds, type FoldsFile } from './folds-file.ts';
import { foldsFolder, type FoldsFolder } from './folds-folder.ts';
import { foldSplits } from './fold-splits.ts';

/** What a training with folds tells while it works, besides what each run tells. */
export interface FoldsHooks extends RunHooks {
  /** A fold, counted from 1, begins or goes on. */
  onFold?: (fold: number, folds: number) => void;
  /** A fold has finished; its folder is complete but for what this adds. */
  onFoldEnd?: (fold: number, result: RunResult, folder: string) => void | Promise<void>;
}

/** How a training with folds ended. */
export interface FoldsResult {
  stopped: 'finished' | 'interrupted';
  /** Absent when it was interrupted. */
  summary?: FoldsSummary;
}

/** What is trained in folds, and how. */
export interface FoldsOptions {
  /** At least 2. */
  folds: number;
  /** Plans what is not given, once for all folds; `minutes` are those of all folds together. */
  plan?: Pick<PlanOptions, 'memory' | 'minutes'>;
}

/**
 * Trains a network on each fold of the cases outside the test part (`fold_1`, `fold_2`, … in the folder), segments each case by
 * the fold that was not trained on it, and the test cases by all folds together. Called again for the same folder, it goes on
 * where it was.
 *
 * @param given the options of the runs; what is left out has its default, or is planned
 * @param out the folder: new, or one with the same folds
 * @throws OptionError when there are fewer patients than folds, or the folder holds folds with other options; DataError for
 * bad input
 */
export async function trainFolds(
  given: RunConfigurationInput,
  out: string,
  hooks: FoldsHooks,
  { folds, plan }: FoldsOptions,
): Promise<FoldsResult> {
  const folder = foldsFolder(out);
  const known = withAbsolutePaths(runOptionsSchema, runConfiguration.parse(given));
  await loadPlugins(known.plugins, [out]);
  if (await exists(folder.folds)) {
    const before = await readFolds(folder);
    const isAsked = (name: keyof RunConfiguration): boolean => !plan || given[name] !== undefined;
    const names = (Object.keys(known) as (keyof RunConfiguration)[]).filter(isAsked);
    checkSameFolds(before, { folds, asked: pickOptions(known, names) }, folder);
    return continueFolds(
      folder,
      { ...before, configuration: { ...before.configuration, ...storageOptions(known) } },
      hooks,
    );
  }
  if ((await exists(folder.fold(1).configuration)) || (await exists(`${out}/config.json`))) {
    throw new DataError(`${out}: found a run, expected a new or empty folder.`);
  }
  const dataset = await openData(known);
  const split = await openSplit(known, dataset);
  const splits = foldSplits(dataset.cases, split, { folds, seed: known.seed }).map((one) =>
    chooseCases(one, dataset, known),
  );
  if (plan) checkGivenOptions(given, dataset);
  const planned = plan && (await planFolds(given, { dataset, splits }, hooks, plan));
  const configuration = withAbsolutePaths(runOptionsSchema, planned?.configuration ?? known);
  checkRunOptions(configuration, dataset);
  await makeFolder(out);
  const file: FoldsFile = { folds, configuration, splits };
  if (planned) await writeJson(folder.plan, { fingerprint: planned.fingerprint, options: planned.options });
  await writeJson(folder.folds, file);
  try {
    return await continueFolds(folder, file, hooks);
  } catch (error) {
    // Whoever has the lock goes on with these files.
    const isOthers = error instanceof RunHeldError || error instanceof LockLostError;
    if (!hooks.signal?.aborted && !isOthers) await withdrawFolds(folder);
    throw error;
  }
}

/**
 * Goes on with a training with folds.
 *
 * @param changes settings of all folds that may differ from their own, such as more epochs
 * @throws DataError when the folder holds no folds
 */
export async function resumeFolds(
  out: string,
  hooks: FoldsHooks,
  changes: Partial<RunConfiguration> = {},
): Promise<FoldsResult> {
  const folder = foldsFolder(out);
  const before = await readFolds(folder);
  const file = {
    ...before,
    configuration: withAbsolutePaths(runOptionsSchema, { ...before.configuration, ...changes }),
  };
  await loadPlugins(file.configuration.plugins, [out]);
  return continueFolds(folder, file, hooks, changes);
}

function planFolds(
  given: RunConfigurationInput,
  { dataset, splits }: { dataset: DataSet; splits: readonly Split[] },
  { compileStep, onStage }: RunHooks,
  { memory, minutes }: Pick<PlanOptions, 'memory' | 'minutes'>,
): Promise<Plan> {
  const ofOne = minutes === undefined ? undefined : minutes / splits.length;
  // All folds have the same cases outside the test part.
  return planRun(given, { dataset, split: splits[0]! }, { memory, minutes: ofOne, compileStep, onStage });
}

async function continueFolds(
  folder: FoldsFolder,
  file: FoldsFile,
  hooks: FoldsHooks,
  changes: Partial<RunConfiguration> = {},
): Promise<FoldsResult> {
  const { lockSilence: silence } = file.configuration;
  const { lockWait: wait, signal, onStage } = hooks;
  const lock = await lockRun(folder.lock, { silence, wait, signal, onWait: onStage });
  if (!lock) return { stopped: 'interrupted' };
  try {
    const hasChanges = Object.keys(changes).length > 0;
    if (hasChanges) await writeJson(folder.folds, file);
    let isNew = false;
    for (const [index, split] of file.splits.entries()) {
      if (hooks.signal?.aborted) return { stopped: 'interrupted' };
      const fold = index + 1;
      const files = folder.fold(fold);
      if (!hasChanges && (await exists(`${files.model}/model.json`))) continue;
      isNew = true;
      hooks.onFold?.(fold, file.folds);
      await lock.check();
      const result = (await exists(files.configuration))
        ? await resume(files.root, hooks, { ...storageOptions(file.configuration), ...changes })
        : // The test part is for all folds together.
          await trainOnSplit(file.configuration, files.root, hooks, { ...split, test: [] });
      if (result.stopped === 'interrupted') return { stopped: 'interrupted' };
      await hooks.onFoldEnd?.(fold, result, files.root);
    }
    await lock.check();
    return { stopped: 'finished', summary: await evaluateFolds(folder, file, hooks, { isNew }) };
  } finally {
    await lock.release();
  }
}

/** Takes back folds of which none could begin, so that they can be started again once their input has been put right. */
async function withdrawFolds(folder: FoldsFolder): Promise<void> {
  if (await exists(folder.fold(1).configuration)) return;
  for (const path of [folder.folds, folder.plan]) await rm(path, { force: true });
  // Fails, as it should, when the folder is not empty.
  await rmdir(folder.root).catch(() => undefined);
}
