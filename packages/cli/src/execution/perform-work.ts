import { compileStep, tellBatchThatFits, type EngineName } from '@interseg/runtime';
import type { RunHooks, Step } from '@interseg/training';
import { startEngine } from './start-engine.ts';
import { describeEnvironment } from '../environment/environment.ts';
import { watchForInterruption, Interrupted } from './interruption.ts';
import type { Progress } from '../progress/run-progress.ts';
import { note, type Context } from '../terminal/context.ts';

/** What training is done with, and what tells about it. */
export interface WorkSettings {
  engine: 'auto' | EngineName;
  threads?: number;
  progress: Progress;
}

/** How work ended. */
export interface WorkOutcome<T> {
  /** Absent when the work was interrupted between its parts. */
  result?: T;
  /** Name of the engine. */
  engine: string;
  /** The exit status of the signal that came, if one did. */
  interruption?: number;
}

/**
 * Does work that trains: starts the engine, shows progress and ends in order when interrupted.
 *
 * @param finish what is done with the result, still watching for a second interruption
 */
export async function performWork<T>(
  context: Context,
  { engine: engineName, threads, progress }: WorkSettings,
  work: (hooks: RunHooks) => Promise<T>,
  finish: (outcome: WorkOutcome<T>) => Promise<void>,
): Promise<void> {
  const engine = await startEngine(context, { engine: engineName, threads });
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
      compileStep: (step: Step) =>
        tellBatchThatFits(compileStep(step, { onFallback: (reason) => note(context, reason) }), step),
      onStage: (message) => {
        // Between its parts a run has nothing to save, and what continues it does the part that is missing.
        if (signal.aborted) throw new Interrupted();
        progress.stage(message);
      },
      onNote: (message) => {
        progress.clear();
        note(context, `warning: ${message}`);
      },
      onStep: (step) => progress.step(step),
      onEpoch: (record, isBest) => progress.epoch(record, isBest),
    }).catch((error: unknown) => {
      if (error instanceof Interrupted) return undefined;
      throw error;
    });
    progress.clear();
    await finish({ result, engine: engine.name, interruption: interruption.status() });
  } finally {
    progress.clear();
    interruption.dispose();
    engine.release?.();
  }
}
