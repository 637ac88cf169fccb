import type { EpochRecord, StepProgress } from '@interseg/training';
import type { LogStream } from '../terminal/context.ts';
import { decimals, duration, significant } from '../terminal/numbers.ts';
import { RemainingTime } from './remaining.ts';

const eraseLine = '\r\u001b[2K';
const widestBar = 16;

/** Seconds on a clock that never goes back. */
export function secondsNow(): number {
  return performance.now() / 1000;
}

/** The place of a run among the runs of a comparison. */
export interface PlaceAmongRuns {
  /** Text at the start of the progress line. */
  prefix?: string;
  /** Seconds left for all runs, given those left for this one. */
  secondsLeftOfAll?: (ofThis: number) => number | undefined;
}

/** Reports the progress of training. */
export interface Progress {
  stage(message: string): void;
  step(progress: StepProgress): void;
  epoch(record: EpochRecord, isBest: boolean): void;
  clear(): void;
}

/**
 * Reports the progress of a run: on a terminal in one line that is redrawn after each step, elsewhere in one line per epoch.
 */
export class RunProgress implements Progress {
  private readonly stream: LogStream;
  private readonly clock: () => number;
  private readonly remaining = new RemainingTime();
  private epochs?: number;
  private lastDice?: number;
  private secondsLeft?: number;
  private isLineOpen = false;
  private readonly collapsed = new Set<number>();
  private readonly place: PlaceAmongRuns;

  /**
   * @param clock returns seconds. Defaults to {@link secondsNow}
   * @param place of the run among others, if there are any
   */
  constructor(stream: LogStream, clock = secondsNow, place: PlaceAmongRuns = {}) {
    this.stream = stream;
    this.clock = clock;
    this.place = place;
  }

  /** Announces a new part of the work. */
  stage(message: string): void {
    this.clear();
    this.stream.write(`${message}\n`);
  }

  step({ epoch, epochs, stepInEpoch, stepsPerEpoch, loss }: StepProgress): void {
    const done = (epoch - 1) * stepsPerEpoch + stepInEpoch;
    this.epochs = epochs;
    this.secondsLeft = this.remaining.update(done, epochs * stepsPerEpoch, this.clock());
    if (!this.stream.isTTY) return;
    const head = `${this.place.prefix ?? ''}epoch ${epoch}/${epochs} `;
    const dice = this.lastDice === undefined ? '' : `  val Dice ${decimals(this.lastDice, 3)}`;
    const left = this.secondsLeft ? `  ETA ${duration(this.secondsLeft)}${this.leftOfAll()}` : '';
    const tail = ` ${stepInEpoch}/${stepsPerEpoch}  loss ${significant(loss.total)}${dice}${left}`;
    const columns = (this.stream.columns ?? 80) - 1;
    // The bar takes the space that the numbers leave.
    const width = Math.min(widestBar, columns - head.length - tail.length - 2);
    const middle = width >= 4 ? `▕${bar(stepInEpoch / stepsPerEpoch, width)}▏` : '';
    this.stream.write(eraseLine + (head + middle + tail).slice(0, columns));
    this.isLineOpen = true;
  }

  epoch({ epoch, trainLoss, valDice, seconds, collapsed = [] }: EpochRecord, isBest: boolean): void {
    this.lastDice = valDice;
    const dice = valDice === undefined ? '' : `  val Dice ${decimals(valDice, 3)}`;
    const best = isBest ? '  best so far' : '';
    const line = `epoch ${epoch}/${this.epochs ?? epoch}  loss ${significant(trainLoss)}${dice}  ${duration(seconds)}`;
    this.clear();
    // On a terminal, the progress line has already shown the other epochs.
    if (!this.stream.isTTY) this.stream.write(`${line}${this.left()}${best}\n`);
    else if (isBest) this.stream.write(`${line}${best}\n`);
    this.warnAbout(collapsed.filter((level) => !this.collapsed.has(level)));
  }

  /** Warns once per level: vanishing features make equation 3 small without learning, which no other curve shows. */
  private warnAbout(levels: readonly number[]): void {
    if (levels.length === 0) return;
    for (const level of levels) this.collapsed.add(level);
    this.stream.write(
      `warning: the matched features have nearly vanished (level ${levels.join(', ')}; 0 is the bottleneck)\n`,
    );
  }

  /** Erases the progress line. */
  clear(): void {
    if (this.isLineOpen) this.stream.write(eraseLine);
    this.isLineOpen = false;
  }

  /** The longest time left: training may stop early. */
  private left(): string {
    return !this.secondsLeft ? '' : `  at most ${duration(this.secondsLeft)} left${this.leftOfAll()}`;
  }

  private leftOfAll(): string {
    const seconds = this.place.secondsLeftOfAll?.(this.secondsLeft ?? 0);
    return seconds === undefined ? '' : `, all runs ${duration(seconds)}`;
  }
}

/** A bar of `width` characters, filled from the left in eighths of a character. */
export function bar(fraction: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, fraction)) * width * 8);
  const full = Math.floor(eighths / 8);
  const part = ' ▏▎▍▌▋▊▉'[eighths % 8] ?? '';
  const filled = '█'.repeat(full) + (full < width ? part : '');
  return filled.padEnd(width, ' ');
}
