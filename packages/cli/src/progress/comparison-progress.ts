import type { ComparedRun, FailedRun, PlannedRun } from '@interseg/experiments';
import { decimals, duration } from '../terminal/numbers.ts';
import { RemainingRuns } from './remaining.ts';
import { RunsProgress } from './runs-progress.ts';

/** Reports the progress of a comparison: of the current run, and the time left for all runs. */
export class ComparisonProgress extends RunsProgress {
  private runs: readonly PlannedRun[] = [];
  private remaining?: RemainingRuns;

  plan(runs: readonly PlannedRun[], finished: readonly ComparedRun[]): void {
    this.runs = runs;
    const isOpen = (run: PlannedRun): boolean =>
      !finished.some(({ variant, seed }) => variant === run.variant && seed === run.seed);
    this.remaining = new RemainingRuns(runs.filter(isOpen), finished);
    const done = finished.length > 0 ? `, ${finished.length} of them already finished` : '';
    this.stream.write(`${runs.length} runs${done}\n`);
  }

  begin(run: PlannedRun): void {
    const index = this.runs.findIndex(({ variant, seed }) => variant === run.variant && seed === run.seed);
    const place = `${index + 1}/${this.runs.length}`;
    this.clear();
    this.stream.write(`run ${place}: ${run.variant}, seed ${run.seed}\n`);
    this.remaining?.begin(run, this.clock());
    this.report({
      prefix: `run ${place} `,
      secondsLeftOfAll: (ofThis) => this.remaining?.update(ofThis, this.clock()),
    });
  }

  /** Another process works on a run. */
  skip({ variant, seed }: PlannedRun): void {
    this.clear();
    this.stream.write(`${variant}, seed ${seed}: another process works on it; waiting for it at the end\n`);
  }

  end({ variant, seed, epochs, seconds, metrics }: ComparedRun): void {
    this.clear();
    this.remaining?.end(this.clock());
    const dice = decimals(metrics.mean.dice, 3);
    this.stream.write(`${variant}, seed ${seed}: test Dice ${dice}, ${epochs} epochs in ${duration(seconds)}\n`);
  }

  fail({ variant, seed, message }: FailedRun): void {
    this.clear();
    this.stream.write(`${variant}, seed ${seed} failed: ${message}\n`);
  }
}
