import { resolve } from 'node:path';
import { isInputError } from '@interseg/errors';
import { exists, isDiskFull, writeJson } from '@interseg/files';
import {
  networkOptions,
  optionsWhere,
  pickOptions,
  resume,
  runOptionsSchema,
  type RunConfiguration,
  type RunHooks,
  type RunResult,
  train,
} from '@interseg/training';
import { beginComparison, type CommonGround } from './begin-comparison.ts';
import { readComparedRun, type ComparedRun } from './compared-run.ts';
import {
  configurationOfRun,
  plannedRuns,
  type ComparisonConfiguration,
  type PlannedRun,
} from './comparison-configuration.ts';
import { comparisonFile, type ComparisonFile, type FailedRun } from './comparison-file.ts';
import { comparisonFolder, type ComparisonFolder } from './comparison-folder.ts';
import { countParameters } from './count-parameters.ts';
import { readMeasurements, StepClock, writeMeasurements } from './measurements.ts';

/** What a comparison tells while it works, besides what each run tells. */
export interface ComparisonHooks extends RunHooks {
  /** Before the first run: all of them, with those that are finished already. */
  onPlan?: (runs: readonly PlannedRun[], finished: readonly ComparedRun[]) => void;
  /** A run begins or goes on. */
  onRun?: (run: PlannedRun) => void;
  /** A run has finished; its folder is complete but for what this adds. */
  onRunEnd?: (run: ComparedRun, folder: string) => void | Promise<void>;
  /** Told of a run that failed; the others go on. */
  onRunFailed?: (run: FailedRun) => void;
}

/** How a comparison ended. */
export interface ComparisonResult {
  stopped: 'finished' | 'interrupted';
  /** How many runs are finished, of how many. */
  finished: number;
  planned: number;
  /** Absent when the comparison was interrupted. */
  comparison?: ComparisonFile;
}

/**
 * Trains and evaluates each variant with each seed, under one split and one budget, and writes `comparison.json`. Runs that
 * are finished in the folder are not repeated, one that was interrupted continues from its checkpoint. A run that fails (as
 * when its loss is no number) does not keep the others from finishing.
 *
 * @param configuration checked, with its defaults; the first variant is the baseline
 * @param out the folder of the comparison: new, or with one of the same settings
 * @throws OptionError or DataError for bad input, in one sentence; options of every entry are checked before the first run
 */
export async function compare(
  configuration: ComparisonConfiguration,
  out: string,
  hooks: ComparisonHooks,
): Promise<ComparisonResult> {
  const folder = comparisonFolder(out);
  const ground = await beginComparison(configuration, folder);
  const planned = plannedRuns(ground.configuration);
  const finished: ComparedRun[] = [];
  const open: PlannedRun[] = [];
  for (const run of planned) {
    if (await exists(folder.run(run).metrics)) finished.push(await readComparedRun(folder, run));
    else open.push(run);
  }
  hooks.onPlan?.(planned, finished);
  const failed: FailedRun[] = [];
  const interrupted = (): ComparisonResult => {
    return { stopped: 'interrupted', finished: finished.length, planned: planned.length };
  };
  for (const run of open) {
    if (hooks.signal?.aborted) return interrupted();
    hooks.onRun?.(run);
    const result = await performOne(run, ground, folder, hooks).catch((error: unknown) => {
      // What would make every other run fail, too, ends the comparison.
      if (hooks.signal?.aborted || isInputError(error) || isDiskFull(error)) throw error;
      return { ...run, message: error instanceof Error ? error.message : String(error) };
    });
    if ('message' in result) {
      failed.push(result);
      hooks.onRunFailed?.(result);
      continue;
    }
    if (result.stopped === 'interrupted') return interrupted();
    const compared = await readComparedRun(folder, run);
    finished.push(compared);
    await hooks.onRunEnd?.(compared, folder.run(run).root);
  }
  const [baseline] = ground.configuration.variants;
  if (!finished.some(({ variant }) => variant === baseline)) {
    throw new Error(`No run of the baseline ${baseline} has finished: ${failed[0]?.message ?? 'there is none.'}`);
  }
  const comparison = comparisonFile(ground.configuration, ground, finished, failed);
  await writeJson(folder.comparison, comparison);
  return { stopped: 'finished', finished: finished.length, planned: planned.length, comparison };
}

/** Starts a run or continues it, and measures its steps. */
async function performOne(
  run: PlannedRun,
  { configuration, dataset }: CommonGround,
  folder: ComparisonFolder,
  hooks: ComparisonHooks,
): Promise<RunResult> {
  const files = folder.run(run);
  const path = folder.measurements(run);
  const settings = configurationOfRun(configuration, run, resolve(folder.split));
  const isBegun = await exists(files.configuration);
  const measurements = (isBegun ? await readMeasurements(path) : undefined) ?? {
    parameters: countParameters(networkOptions(settings, dataset)),
    stepSeconds: [],
  };
  const clock = new StepClock(measurements.stepSeconds);
  const ofRun: RunHooks = {
    ...hooks,
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
    // A run that was withdrawn has no folder any more.
    if (await exists(files.configuration)) await writeMeasurements(path, measurements);
  }
}

/** What may differ from one part of a run to the next, as it changes no result. */
function storageOptions(settings: RunConfiguration): Partial<RunConfiguration> {
  const names = optionsWhere(runOptionsSchema, ({ changesResult }) => !changesResult);
  return pickOptions(settings, names);
}
