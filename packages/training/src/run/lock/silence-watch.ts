/**
 * How long files have not changed, by this process's own clock: what two machines take for the time may differ by more than
 * a lock may be silent. A time in which this process itself did not run (it was stopped, or the machine slept) does not
 * count, as others may have been stopped with it.
 */
export class SilenceWatch {
  private readonly files = new Map<string, { text: string; looked: number; quiet: number; changes: number }>();
  private readonly longestStep: number;

  /** @param interval milliseconds that are to lie between two looks */
  constructor(interval: number) {
    this.longestStep = 2 * interval;
  }

  /**
   * Looks at a file.
   *
   * @returns seconds of silence, and how often the file has changed since the first look
   */
  look(path: string, text: string): { silence: number; changes: number } {
    const now = performance.now();
    const before = this.files.get(path);
    const isSame = before?.text === text;
    const quiet = before && isSame ? before.quiet + Math.min(now - before.looked, this.longestStep) : 0;
    const changes = before ? before.changes + (isSame ? 0 : 1) : 0;
    this.files.set(path, { text, looked: now, quiet, changes });
    return { silence: quiet / 1000, changes };
  }
}
