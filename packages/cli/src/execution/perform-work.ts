import { compileStep, withOutOfMemoryHint } from '@interseg/runtime';
import type { RunHooks, Step } from '@interseg/training';
import { describeEnvironment, readGitCommit } from '../environment/environment.ts';
import type { Progress } from '../progress/run-progress.ts';
import { note, type Context } from '../terminal/context.ts';
import { watchForInterruption, Interrupted } from './interruption.ts';
import { passCompiler } from './compile-pass.ts';
import { startEngine, type EngineSettings } from './start-engine.ts';

/** The engine to train on, and where to report progress. */
export interface WorkSettings extends EngineSettings {
  progress: Progress;
}

/** How work ended. */
export interface WorkOutcome<T> {
  /** Absent when the work was interrupted between two of its parts. */
  result?: T;
  /** Name of the engine. */
  engine: string;
  /** The exit status for the signal that arrived, if one did. */
  interruption?: number;
}

/**
 * Does work that trains: starts the engine, shows progress and, when interrupted, ends in an orderly way.
 *
 * @param finish called with the outcome, while a second interruption can still end the process
 */
export async function performWork<T>(
  context: Context,
  { progress, ...settings }: WorkSettings,
  work: (hooks: RunHooks) => Promise<T>,
  finish: (outcome: WorkOutcome<T>) => Promise<void>,
): Promise<void> {
  // Git works while the engine starts.
  const commit = readGitCommit();
  const engine = await startEngine(context, settings);
  const interruption = watchForInterruption((received) => {
    progress.clear();
    const [what, again] =
      received === 'SIGINT' ? ['interrupted', '; interrupt again to end immediately'] : ['terminated', ''];
    note(context, `${what}: ending after the current step${again}`);
  });
  try {
    const { signal } = interruption;
    const result = await work({
      engine: engine.name,
      environment: { ...describeEnvironment(engine, context.commandLine, await commit) },
      signal,
      compileStep: (step: Step) =>
        withOutOfMemoryHint(compileStep(step, { onFallback: (reason) => note(context, reason) }), step),
      compilePass: passCompiler(context),
      onStage: (message) => {
        // Between its parts a run has nothing to save; resuming it does the missing parts.
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
