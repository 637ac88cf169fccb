import { describeRun, runKey, type ComparedRun, type FailedRun, type PlannedRun } from '@interseg/experiments';
import { decimals, duration } from '../terminal/numbers.ts';
import { RemainingRuns } from './remaining.ts';
import { RunsProgress } from './runs-progress.ts';

/** Reports the progress of a comparison: of the current run, and the time left for all runs. */
export class ComparisonProgress extends RunsProgress {
  private runs: readonly PlannedRun[] = [];
  private remaining?: RemainingRuns;

  plan(runs: readonly PlannedRun[], finished: readonly ComparedRun[]): void {
    this.runs = runs;
    const done = new Set(finished.map(runKey));
    this.remaining = new RemainingRuns(
      runs.filter((run) => !done.has(runKey(run))),
      finished,
    );
    const already = finished.length > 0 ? `, ${finished.length} of them already finished` : '';
    this.stream.write(`${runs.length} runs${already}\n`);
  }

  begin(run: PlannedRun): void {
    const index = this.runs.findIndex((one) => runKey(one) === runKey(run));
    const place = `${index + 1}/${this.runs.length}`;
    this.clear();
    this.stream.write(`run ${place}: ${describeRun(run)}\n`);
    this.remaining?.begin(run, this.clock());
    this.report({
      prefix: `run ${place} `,
      secondsLeftOfAll: (ofThis) => this.remaining?.update(ofThis, this.clock()),
    });
  }

  /** Another process works on a run. */
  skip(run: PlannedRun): void {
    this.clear();
    this.stream.write(`${describeRun(run)}: another process works on it; waiting for it at the end\n`);
  }

  end(run: ComparedRun): void {
    const { epochs, seconds, metrics } = run;
    this.clear();
    this.remaining?.end(this.clock());
    const dice = decimals(metrics.mean.dice, 3);
    this.stream.write(`${describeRun(run)}: test Dice ${dice}, ${epochs} epochs in ${duration(seconds)}\n`);
  }

  fail(run: FailedRun): void {
    this.clear();
    this.stream.write(`${describeRun(run)} failed: ${run.message}\n`);
  }
}
