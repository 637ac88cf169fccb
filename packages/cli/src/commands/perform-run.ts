import type { EngineName } from '@interseg/runtime';
import { runFolder, type RunHooks, type RunResult } from '@interseg/training';
import { startEngine } from '../engine/start-engine.ts';
import { describeEnvironment, quoteArgument } from '../environment/environment.ts';
import { Interrupted } from '../errors/interrupted.ts';
import { watchForInterruption } from '../interruption/interruption.ts';
import { RunProgress } from '../progress/run-progress.ts';
import { writeReport } from '../report/write-report.ts';
import { note, type Context } from '../terminal/context.ts';
import { printRun } from './run-result.ts';

/** What a run needs to be told besides the work itself. */
export interface RunSettings {
  /** The run folder. */
  run: string;
  json?: boolean;
  engine: 'auto' | EngineName;
  threads?: number;
}

/**
 * Does the work of a run: starts the engine, shows progress, ends in order when interrupted, writes the report and prints
 * the result.
 */
export async function performRun(
  context: Context,
  { run, json, engine: engineName, threads }: RunSettings,
  work: (hooks: RunHooks) => Promise<RunResult>,
): Promise<void> {
  const engine = await startEngine(context, { engine: engineName, threads });
  const progress = new RunProgress(context.stderr);
  const interruption = watchForInterruption(() => {
    progress.clear();
    note(context, 'interrupted: ending after the step in progress; again ends at once');
  });
  try {
    const { signal } = interruption;
    const result = await work({
      engine: engine.name,
      environment: { ...(await describeEnvironment(engine, context.commandLine)) },
      signal,
      onStage: (message) => {
        // Between its parts a run has nothing to save, and `resume` does the part that is missing.
        if (signal.aborted) throw new Interrupted();
        progress.stage(message);
      },
      onStep: (step) => progress.step(step),
      onEpoch: (record, isBest) => progress.epoch(record, isBest),
    }).catch((error: unknown): RunResult => {
      if (error instanceof Interrupted) return { stopped: 'interrupted', history: [] };
      throw error;
    });
    progress.clear();
    if (result.stopped === 'interrupted') {
      context.status = interruption.status() ?? context.status;
      note(context, `interrupted; continue with: interseg resume ${quoteArgument(run)}`);
      printRun(context, json, { run, engine: engine.name, result });
      return;
    }
    note(context, 'writing the report');
    await writeReport(run);
    printRun(context, json, { run, engine: engine.name, result, report: runFolder(run).report });
  } finally {
    progress.clear();
    interruption.dispose();
    engine.release?.();
  }
}
