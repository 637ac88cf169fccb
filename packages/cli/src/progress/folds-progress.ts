import type { EpochRecord, StepProgress } from '@interseg/training';
import type { LogStream } from '../terminal/context.ts';
import { RunProgress, secondsNow, type Progress } from './run-progress.ts';

/** Reports the progress of a training with folds: that of the current fold, under its number. */
export class FoldsProgress implements Progress {
  private readonly stream: LogStream;
  private run: RunProgress;

  constructor(stream: LogStream) {
    this.stream = stream;
    this.run = new RunProgress(stream);
  }

  begin(fold: number, folds: number): void {
    this.clear();
    this.stream.write(`fold ${fold}/${folds}\n`);
    this.run = new RunProgress(this.stream, secondsNow, { prefix: `fold ${fold}/${folds} ` });
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
