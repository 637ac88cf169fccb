import type { EpochRecord } from '../loop/history.ts';
import type { StepProgress } from '../loop/fit.ts';
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
  onStep?: (progress: StepProgress) => void;
  onEpoch?: (record: EpochRecord, isBest: boolean) => void;
  compileStep?: CompileStep;
}
