import type { EpochRecord } from '../loop/history.ts';
import type { StepProgress } from '../loop/fit-options.ts';
import type { CompileStep } from '../loop/train-step.ts';

/** What a run tells while it works, and how it is stopped. */
export interface RunHooks {
  /** Name of the engine that is set, for `metrics.json`. */
  engine: string;
  /** What `environment.json` is to hold: versions, device, … */
  environment?: Record<string, unknown>;
  /** Aborting ends training after the step in progress, with a checkpoint written. */
  signal?: AbortSignal;
  /** A new part of the work begins, such as `reading 12 cases`. */
  onStage?: (message: string) => void;
  /** Something that should be known though the work goes on, such as a checkpoint that was damaged; one sentence. */
  onNote?: (message: string) => void;
  /** Told after each step of training. */
  onStep?: (progress: StepProgress) => void;
  /** Told after each epoch, and whether it is the best one so far. */
  onEpoch?: (record: EpochRecord, isBest: boolean) => void;
  /** Makes a step faster where the engine can; a step runs as it is unless told. */
  compileStep?: CompileStep;
}
