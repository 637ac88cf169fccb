import type { EpochRecord, StepProgress } from '@interseg/training';
import type { LogStream } from '../terminal/context.ts';
import { RunProgress, secondsNow, type Progress } from './run-progress.ts';

/** Reports the progress of several runs, one after the other: what a run tells goes to the report of the current one. */
export abstract class RunsProgress implements Progress {
  protected readonly stream: LogStream;
  protected readonly clock: () => number;
  private run: RunProgress;

  /** @param clock returns seconds. Defaults to {@link secondsNow} */
  constructor(stream: LogStream, clock = secondsNow) {
    this.stream = stream;
    this.clock = clock;
    this.run = new RunProgress(stream, clock);
  }

  /** From here on, what is told is of another run. */
  protected report(options: ConstructorParameters<typeof RunProgress>[2]): void {
    this.run = new RunProgress(this.stream, this.clock, options);
  }

  stage(message: string): void {
    this.run.stage(message);
  }

  step(progress: StepProgress): void {
    this.run.step(progress);
  }

  epoch(record: EpochRecord, isBest: boolean): void {
    this.run.epoch(record, isBest);
  }

  clear(): void {
    this.run.clear();
  }
}
