import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DataSet } from '@interseg/data';
import { DataError } from '@interseg/errors';
import { exists } from '@interseg/files';
import {
  loadPlugins,
  LockLostError,
  networkOptions,
  openData,
  resume,
  RunExistsError,
  RunHeldError,
  type RunConfiguration,
  type RunHooks,
  type RunResult,
  storageOptions,
  train,
} from '@interseg/training';
import { countParameters } from '../comparison/count-parameters.ts';
import { readMeasurements, StepClock, writeMeasurements } from '../comparison/measurements.ts';
import { checkDigest } from './check-digest.ts';
import { clearFailure, readFailure, writeFailure } from './failure-file.ts';
import type { SweepRun } from './manifest.ts';
import { settingsOfRun } from './plan-sweep.ts';
import type { ComparisonConfiguration } from './sweep-configuration.ts';
import type { ComparisonFolder } from './sweep-folder.ts';

/** A run of a sweep cannot be done because of its input, as an earlier attempt has found; it is not tried again. */
export class RunRefusedError extends DataError {}

/** What became of an attempt at a run of a sweep. */
export interface RunOutcome {
  /**
   * - `finished`: by this call, or by another process before it;
   * - `interrupted`: with a checkpoint if training had begun;
   * - `held`: another process works on it, and was not to be waited for.
   */
  state: 'finished' | 'interrupted' | 'held';
  /** What this call has done; absent where it has done nothing. */
  result?: RunResult;
}

/** What is told of a run of a sweep, besides what any run tells. */
export interface SweepRunHooks extends RunHooks {
  /** The run begins or goes on in this process. */
  onRun?: (run: SweepRun) => void;
}

/** Options of {@link performSweepRun}. */
export interface SweepRunOptions {
  folder: ComparisonFolder;
  configuration: ComparisonConfiguration;
  /** Defaults to opening that of the configuration. */
  dataset?: DataSet;
  /** Tries a run again that failed because of its input. Defaults to false. */
  again?: boolean;
}

/**
 * Looks whether a run of a sweep is finished, or not to be tried again.
 *
 * @throws RunRefusedError when its input was at fault before, unless it is to be tried `again`
 */
export async function isFinished(
  run: SweepRun,
  { folder, again }: Pick<SweepRunOptions, 'folder' | 'again'>,
): Promise<boolean> {
  if (await exists(folder.run(run).metrics)) return true;
  const failure = again ? undefined : await readFailure(folder, run);
  if (!failure?.badInput) return false;
  throw new RunRefusedError(
    `${folder.failure(run)}: found that an earlier attempt could not use its input (${failure.message}); expected no such file: put the input right, then use --again or remove the file.`,
  );
}

/**
 * Does one run of a sweep, whatever there is of it already: starts it, continues it from its checkpoint, or finds it finished.
 * Why it fails is kept in `failure.json`.
 *
 * @throws RunRefusedError when its input was at fault before; OptionError or DataError when it is now; LockLostError when another
 * process has taken the run over; Error when the work fails
 */
export async function performSweepRun(
  run: SweepRun,
  { folder, configuration, dataset, again = false }: SweepRunOptions,
  hooks: SweepRunHooks,
): Promise<RunOutcome> {
  if (await isFinished(run, { folder, again })) return { state: 'finished' };
  try {
    const outcome = await attempt(run, { folder, configuration, dataset }, hooks);
    if (outcome.state === 'finished') await clearFailure(folder, run);
    return outcome;
  } catch (error) {
    const isOver = hooks.signal?.aborted || error instanceof LockLostError;
    if (!isOver) await writeFailure(folder, run, error);
    throw error;
  }
}

/** Another process finished a run between the look at it and its lock. */
class EndedElsewhereError extends Error {}

/** The process that was waited for failed before its first checkpoint, and left no run to go on with. */
class WithdrawnError extends Error {}

async function attempt(
  run: SweepRun,
  { folder, configuration, dataset }: Omit<SweepRunOptions, 'again'>,
  hooks: SweepRunHooks,
): Promise<RunOutcome> {
  const settings = settingsOfRun(configuration, { ...folder, splitOf: (one) => resolve(folder.splitOf(one)) }, run);
  await loadPlugins(settings.plugins, [folder.root]);
  const data = dataset ?? (await openData(settings));
  for (;;) {
    try {
      const result = await trainOrResume(run, { folder, settings, dataset: data }, hooks);
      return { state: result.stopped === 'interrupted' ? 'interrupted' : 'finished', result };
    } catch (error) {
      if (error instanceof EndedElsewhereError) return { state: 'finished' };
      if (error instanceof RunHeldError) return { state: 'held' };
      // Another process has begun it since it was looked at, or has taken it back.
      if (!(error instanceof RunExistsError || error instanceof WithdrawnError)) throw error;
      if (hooks.lockWait === 'none') return { state: 'held' };
    }
  }
}

/**
 * Starts a run or continues it, and measures its steps.
 *
 * @throws EndedElsewhereError when another process has just finished it; WithdrawnError when one has just taken it back
 */
async function trainOrResume(
  run: SweepRun,
  { folder, settings, dataset }: { folder: ComparisonFolder; settings: RunConfiguration; dataset: DataSet },
  hooks: SweepRunHooks,
): Promise<RunResult> {
  const files = folder.run(run);
  const path = folder.measurements(run);
  const isBegun = await exists(files.configuration);
  if (isBegun) await checkDigest(files, run);
  const measurements = (isBegun ? await readMeasurements(path) : undefined) ?? {
    parameters: countParameters(networkOptions(settings, dataset)),
    stepSeconds: [],
  };
  const clock = new StepClock(measurements.stepSeconds);
  let hasLock = false;
  const ofRun: RunHooks = {
    ...hooks,
    onLock: () => {
      if (existsSync(files.metrics)) throw new EndedElsewhereError();
      if (isBegun && !existsSync(files.configuration)) throw new WithdrawnError();
      hasLock = true;
      hooks.onLock?.();
      hooks.onRun?.(run);
    },
    onStep: (progress) => {
      clock.step(progress);
      hooks.onStep?.(progress);
    },
  };
  try {
    return isBegun
      ? await resume(files.root, ofRun, storageOptions(settings))
      : await train(settings, files.root, ofRun);
  } finally {
    // A run that was withdrawn has no folder any more, and that of another process is not written to.
    if (hasLock && (await exists(files.configuration))) await writeMeasurements(path, measurements);
  }
}
