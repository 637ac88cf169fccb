/** Estimates how long a training run still takes from the steps that it has done, validation included. */
export class RemainingTime {
  private first?: { steps: number; at: number };

  /**
   * @param done steps since the start of training, those before a resume included
   * @param total steps of all epochs
   * @param now seconds on a clock that never goes back
   * @returns seconds, or nothing before the second call
   */
  update(done: number, total: number, now: number): number | undefined {
    if (!this.first) {
      // The time of what was done before the first call is not known.
      this.first = { steps: done, at: now };
      return undefined;
    }
    const steps = done - this.first.steps;
    return steps > 0 ? ((now - this.first.at) / steps) * (total - done) : undefined;
  }
}
