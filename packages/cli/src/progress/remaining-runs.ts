import type { PlannedRun } from '@interseg/training';

/**
 * Estimates how long the runs of a comparison still take: a run as long as those of its variant so far, one of a variant
 * that is not known yet as long as the others on average. An early stop makes it less.
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
    this.open = this.open.filter(({ variant, seed }) => variant !== run.variant || seed !== run.seed);
  }

  end(now: number): void {
    if (this.current) this.add(this.current.run.variant, now - this.current.begun);
    this.current = undefined;
  }

  /**
   * @param ofCurrent seconds left of the run in progress
   * @returns seconds left of all; nothing when no run can tell
   */
  update(ofCurrent: number, now: number): number | undefined {
    const known = new Map([...this.seconds].map(([variant, all]) => [variant, meanOf(all)]));
    if (this.current && !known.has(this.current.run.variant)) {
      known.set(this.current.run.variant, now - this.current.begun + ofCurrent);
    }
    if (known.size === 0) return undefined;
    const average = meanOf([...known.values()]);
    return this.open.reduce((sum, { variant }) => sum + (known.get(variant) ?? average), ofCurrent);
  }

  private add(variant: string, seconds: number): void {
    this.seconds.set(variant, [...(this.seconds.get(variant) ?? []), seconds]);
  }
}

function meanOf(values: readonly number[]): number {
  return values.reduce((a, b) => a + b) / values.length;
}
