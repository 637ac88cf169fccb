import { rmdir } from 'node:fs/promises';
import { readSplit, writeSplit, type DataSet, type Split } from '@interseg/data';
import { DataError } from '@interseg/errors';
import { exists, readJsonObject, writeJson, makeFolder } from '@interseg/files';
import { networkOptions } from '../configuration/derive.ts';
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
import { continueRun, type RunResult } from './continue-run.ts';
import { recordRun } from '../record/record-run.ts';
import { writeEnvironment } from './environment-file.ts';
import { removeLeftovers } from './remove-leftovers.ts';
import { chooseCases, openData, openSplit } from './open-data.ts';
import { runFolder, type RunFolder } from './run-folder.ts';
import type { RunHooks } from './run-hooks.ts';
import { LockLostError, RunExistsError } from './lock/lock-errors.ts';
import { lockRun, type RunLock } from './lock/run-lock.ts';
import { withdrawRun } from './withdraw-run.ts';

/**
 * Starts a run in a new folder: trains, exports the best model, predicts and evaluates the test cases.
 *
 * @param configuration checked, with its defaults
 * @param out the run folder; must not hold a run yet. One that fails
 *   before its first checkpoint leaves none (one that is interrupted does, and can be resumed)
 * @throws DataError for bad input, in one sentence
 */
export async function train(configuration: RunConfiguration, out: string, hooks: RunHooks): Promise<RunResult> {
  return start(configuration, out, hooks, { complete: async () => ({ configuration }) });
}

/** As {@link train}, on a split that the caller has drawn. */
export async function trainOnSplit(
  configuration: RunConfiguration,
  out: string,
  hooks: RunHooks,
  split: Split,
): Promise<RunResult> {
  return start(configuration, out, hooks, { split, complete: async () => ({ configuration }) });
}

/**
 * Plans a run from its data as `planRun` does, then starts it as {@link train} does. The run folder keeps the whole
 * configuration as any run does, and in `plan.json` what it was planned from and why.
 *
 * @param given what shall not be planned
 * @throws DataError or OptionError for bad input, in one sentence
 */
export async function trainPlanned(
  given: RunConfigurationInput,
  out: string,
  hooks: RunHooks,
  limits: Pick<PlanOptions, 'memory' | 'minutes'> = {},
): Promise<RunResult> {
  const { compileStep, onStage } = hooks;
  return start(runConfiguration.parse(given), out, hooks, {
    complete: (dataset, split) => {
      checkGivenOptions(given, dataset);
      return planRun(given, { dataset, split }, { ...limits, compileStep, onStage });
    },
  });
}

/** What {@link start} is told besides what is known of a run. */
interface RunStart {
  /** Defaults to that of the configuration. */
  split?: Split;
  /** Gives the configuration that the run shall have, once its data are known. */
  complete: (dataset: DataSet, split: Split) => Promise<Pick<Plan, 'configuration'> & Partial<Plan>>;
}

async function start(
  known: RunConfiguration,
  out: string,
  hooks: RunHooks,
  { split: drawn, complete }: RunStart,
): Promise<RunResult> {
  const folder = runFolder(out);
  await refuseRun(folder);
  await loadPlugins(known.plugins, [out]);
  const dataset = await openData(known);
  // Refuses classes that do not suit the network before their images are read.
  networkOptions(known, dataset);
  const split = chooseCases(drawn ?? (await openSplit(known, dataset)), dataset, known);
  const { configuration, ...plan } = await complete(dataset, split);
  await makeFolder(out);
  let isWithdrawn = false;
  const work = async (lock: RunLock): Promise<RunResult> => {
    await refuseRun(folder);
    try {
      await writeSplit(folder.split, split);
      await writeEnvironment(folder, hooks, dataset);
      if (plan.options) await writeJson(folder.plan, plan);
      await writeJson(folder.configuration, withAbsolutePaths(runOptionsSchema, configuration));
      return await recordRun(folder, hooks, (recorded) =>
        continueRun({ folder, lock, configuration, dataset, split, hooks: recorded }, { restore: false }),
      );
    } catch (error) {
      // Whoever has the lock now goes on with these files.
      isWithdrawn = !hooks.signal?.aborted && !(error instanceof LockLostError);
      if (isWithdrawn) await withdrawRun(folder);
      throw error;
    }
  };
  try {
    return await whileLocked(folder, configuration, hooks, work);
  } finally {
    // Fails, as it should, when the folder is not empty.
    if (isWithdrawn) await rmdir(folder.root).catch(() => undefined);
  }
}

async function refuseRun({ root, configuration }: RunFolder): Promise<void> {
  if (!(await exists(configuration))) return;
  throw new RunExistsError(root);
}

/** Works on a run folder while no other process can. Waiting for the lock may be interrupted, too. */
async function whileLocked(
  folder: RunFolder,
  { lockSilence }: Pick<RunConfiguration, 'lockSilence'>,
  { lockWait, signal, onStage, onLock }: RunHooks,
  work: (lock: RunLock) => Promise<RunResult>,
): Promise<RunResult> {
  const lock = await lockRun(folder.lock, { silence: lockSilence, wait: lockWait, signal, onWait: onStage });
  if (!lock) return { stopped: 'interrupted', history: [] };
  try {
    onLock?.();
    await removeLeftovers(folder);
    return await work(lock);
  } finally {
    await lock.release();
  }
}

/**
 * Continues a run from its last checkpoint, or from the one before it if that is damaged (reported by `hooks.onNote`), then
 * exports and evaluates the model. If training has ended, only the model is exported and evaluated.
 *
 * @param changes settings that may differ from the run's own, such as more epochs
 * @throws DataError when the folder holds no run, another process works on it, or its data has gone; LockLostError when another
 * process has taken the run over
 */
export async function resume(
  out: string,
  hooks: RunHooks,
  changes: Partial<RunConfiguration> = {},
): Promise<RunResult> {
  const folder = runFolder(out);
  const configuration = withAbsolutePaths(runOptionsSchema, { ...(await readConfiguration(folder)), ...changes });
  await loadPlugins(configuration.plugins, [out]);
  const dataset = await openData(configuration);
  const split = await readSplit(folder.split, dataset.cases, dataset.unlabelled);
  return whileLocked(folder, configuration, hooks, async (lock) => {
    if (Object.keys(changes).length > 0) await writeJson(folder.configuration, configuration);
    return recordRun(folder, hooks, async (recorded) => {
      await writeEnvironment(folder, recorded, dataset);
      return continueRun({ folder, lock, configuration, dataset, split, hooks: recorded }, { restore: true });
    });
  });
}

/** The configuration of a run, checked. @throws DataError when there is none or it is not valid */
export async function readConfiguration(folder: RunFolder): Promise<RunConfiguration> {
  const json = await readJsonObject(folder.configuration, 'the configuration of a run');
  const parsed = runConfiguration.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new DataError(`${folder.configuration}: ${issue?.path.join('.') || 'the configuration'}: ${issue?.message}.`);
  }
  return parsed.data;
}
