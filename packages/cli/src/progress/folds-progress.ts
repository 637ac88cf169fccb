import { RunsProgress } from './runs-progress.ts';

/** Reports the progress of a training with folds: that of the current fold, under its number. */
export class FoldsProgress extends RunsProgress {
  begin(fold: number, folds: number): void {
    this.clear();
    this.stream.write(`fold ${fold}/${folds}\n`);
    this.report({ prefix: `fold ${fold}/${folds} ` });
  }
}
