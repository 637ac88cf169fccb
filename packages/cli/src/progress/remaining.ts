import { runKey, type PlannedRun } from '@interseg/experiments';

/** Estimates the time left for a run from the steps done so far; they include validation. */
export class RemainingTime {
  private first?: { steps: number; at: number };

  /**
   * @param done steps since the start of training, including those before a resume
   * @param total steps in all epochs
   * @param now seconds on a clock that never goes back
   * @returns seconds; `undefined` on the first call
   */
  update(done: number, total: number, now: number): number | undefined {
    if (!this.first) {
      // How long the steps before the first call took is unknown.
      this.first = { steps: done, at: now };
      return undefined;
    }
    const steps = done - this.first.steps;
    return steps > 0 ? ((now - this.first.at) / steps) * (total - done) : undefined;
  }
}

/**
 * Estimates the time left for the runs of a comparison. A run is expected to take as long as earlier runs of its variant, or,
 * where there are none, as long as the average of the others. Early stopping can make it shorter.
 */
export class RemainingRuns {
  private open: PlannedRun[];
  private readonly seconds = new Map<string, number[]>();
  private current?: { run: PlannedRun; begun: number };

  constructor(open: readonly PlannedRun[], finished: readonly (PlannedRun & { seconds: number })[]) {
    this.open = [...open];
    for (const { variant, seconds } of finished) this.add(variant, seconds);
  }

  /** @param now seconds on a clock that never goes back */
  begin(run: PlannedRun, now: number): void {
    this.current = { run, begun: now };
    this.open = this.open.filter((one) => runKey(one) !== runKey(run));
  }

  end(now: number): void {
    if (this.current) this.add(this.current.run.variant, now - this.current.begun);
    this.current = undefined;
  }

  /**
   * @param ofCurrent seconds left for the run in progress
   * @returns seconds left for all runs; `undefined` while there is nothing to estimate from
   */
  update(ofCurrent: number, now: number): number | undefined {
    const known = new Map([...this.seconds].map(([variant, all]) => [variant, mean(all)]));
    if (this.current && !known.has(this.current.run.variant)) {
      known.set(this.current.run.variant, now - this.current.begun + ofCurrent);
    }
    if (known.size === 0) return undefined;
    const average = mean([...known.values()]);
    return this.open.reduce((sum, { variant }) => sum + (known.get(variant) ?? average), ofCurrent);
  }

  private add(variant: string, seconds: number): void {
    this.seconds.set(variant, [...(this.seconds.get(variant) ?? []), seconds]);
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b) / values.length;
}
