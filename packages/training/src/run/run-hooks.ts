import type { CompilePass } from '@interseg/inference';
import type { EpochRecord } from '../loop/history.ts';
import type { StepProgress } from '../loop/fit-options.ts';
import type { LockWait } from './lock/run-lock.ts';
import type { CompileStep } from '../loop/train-step.ts';

/** How a run reports its progress, and how it is stopped. */
export interface RunHooks {
  /** Name of the engine that is set, for `metrics.json`. */
  engine: string;
  /** What `environment.json` is to hold: versions, device, … */
  environment?: Record<string, unknown>;
  /** Aborting ends training after the step in progress, with a checkpoint written. */
  signal?: AbortSignal;
  /** How long to wait for another process that holds the lock of the run. Defaults to `'silence'`. */
  lockWait?: LockWait;
  /** Called when this process has the lock of the run, before it writes anything. */
  onLock?: () => void;
  /** Called when a new part of the work begins, such as `reading 12 cases`. */
  onStage?: (message: string) => void;
  /** A warning in one sentence, such as that a checkpoint was damaged; the work goes on. */
  onNote?: (message: string) => void;
  /** Called after each step of training. */
  onStep?: (progress: StepProgress) => void;
  /** Called after each epoch, with whether it is the best one so far. */
  onEpoch?: (record: EpochRecord, isBest: boolean) => void;
  /** Makes a step faster where the engine can. Defaults to running it as it is. */
  compileStep?: CompileStep;
  /** Makes the passes of the finished model faster where the engine can. Defaults to running them as they are. */
  compilePass?: CompilePass;
}
