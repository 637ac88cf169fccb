import { join } from 'node:path';
import { exists } from '@interseg/files';
import { LockLostError, runFolder, type RunHooks, type RunResult } from '@interseg/training';
import { quoteArgument } from '../environment/environment.ts';
import { RunProgress } from '../progress/run-progress.ts';
import { printRun } from '../run-report/print-run.ts';
import { writeReport } from '../run-report/write-run-report.ts';
import { note, type Context } from '../terminal/context.ts';
import { performWork } from './perform-work.ts';
import type { EngineSettings } from './start-engine.ts';

/** Settings of a run besides the work itself. */
export interface RunSettings extends EngineSettings {
  /** The run folder. */
  run: string;
  json?: boolean;
}

/** Does the work of a run, writes its report and prints the result. After an interruption, tells how to continue. */
export async function performRun(
  context: Context,
  { run, json, ...engine }: RunSettings,
  work: (hooks: RunHooks) => Promise<RunResult>,
): Promise<void> {
  const progress = new RunProgress(context.stderr);
  const continueHint = `continue with: interseg resume ${quoteArgument(run)}`;
  let isTraining = false;
  const watched = (hooks: RunHooks): Promise<RunResult> => {
    const onStep: RunHooks['onStep'] = (step) => {
      isTraining = true;
      hooks.onStep?.(step);
    };
    return work({ ...hooks, onStep }).catch(async (error: unknown) => {
      const isOurs = isTraining && !(error instanceof LockLostError);
      const hasCheckpoint = isOurs && (await exists(join(runFolder(run).last, 'checkpoint.json')));
      progress.clear();
      if (hasCheckpoint) note(context, `the last checkpoint is intact; once the cause is fixed, ${continueHint}`);
      throw error;
    });
  };
  await performWork(context, { ...engine, progress }, watched, async (outcome) => {
    const { result = { stopped: 'interrupted', history: [] }, engine: name, interruption } = outcome;
    if (result.stopped === 'interrupted') {
      context.status = interruption ?? context.status;
      const hasBegun = await exists(runFolder(run).configuration);
      note(
        context,
        hasBegun ? `interrupted; ${continueHint}` : 'interrupted before training began: nothing was written',
      );
      printRun(context, json, { run, engine: name, result });
      return;
    }
    note(context, 'writing the report');
    await writeReport(run);
    printRun(context, json, { run, engine: name, result, report: runFolder(run).report });
  });
}
