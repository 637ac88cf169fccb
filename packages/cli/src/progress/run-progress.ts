import type { EpochRecord, StepProgress } from '@interseg/training';
import { decimals, duration, significant } from '../terminal/numbers.ts';
import type { LogStream } from '../terminal/context.ts';
import { bar } from './bar.ts';
import { RemainingTime } from './remaining-time.ts';

const eraseLine = '\r\u001b[2K';
const widestBar = 16;

/** Seconds on a clock that never goes back. */
export function secondsNow(): number {
  return performance.now() / 1000;
}

/** What a run that is one of several tells about that. */
export interface PlaceAmongRuns {
  /** Stands before everything in the moving line. */
  prefix?: string;
  /** Seconds left of all runs, given those of this one. */
  secondsLeftOfAll?: (ofThis: number) => number | undefined;
}

/** What tells how work that trains goes. */
export interface Progress {
  stage(message: string): void;
  step(progress: StepProgress): void;
  epoch(record: EpochRecord, isBest: boolean): void;
  clear(): void;
}

/**
 * Tells how a run goes: on a terminal by one line that is drawn anew after each step, elsewhere by one line per epoch.
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
   * @param clock seconds
   * @param place where the run stands among others, if there are any
   */
  constructor(stream: LogStream, clock = secondsNow, place: PlaceAmongRuns = {}) {
    this.stream = stream;
    this.clock = clock;
    this.place = place;
  }

  /** A new part of the work begins. */
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
    // The bar takes what room the numbers leave.
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
    // A terminal shows only epochs that are better, as its moving line shows the others.
    if (!this.stream.isTTY) this.stream.write(`${line}${this.left()}${best}\n`);
    else if (isBest) this.stream.write(`${line}${best}\n`);
    this.warnOf(collapsed.filter((level) => !this.collapsed.has(level)));
  }

  /** Once for each level: it makes equation 3 small without anything being learned, and no other curve shows it. */
  private warnOf(levels: readonly number[]): void {
    if (levels.length === 0) return;
    for (const level of levels) this.collapsed.add(level);
    this.stream.write(
      `warning: matched features have shrunk to next to nothing (level ${levels.join(', ')}; 0 is the bottleneck)\n`,
    );
  }

  /** Removes the moving line. */
  clear(): void {
    if (this.isLineOpen) this.stream.write(eraseLine);
    this.isLineOpen = false;
  }

  /** At most so long: training may stop early. */
  private left(): string {
    return !this.secondsLeft ? '' : `  at most ${duration(this.secondsLeft)} left${this.leftOfAll()}`;
  }

  private leftOfAll(): string {
    const seconds = this.place.secondsLeftOfAll?.(this.secondsLeft ?? 0);
    return seconds === undefined ? '' : `, all runs ${duration(seconds)}`;
  }
}
