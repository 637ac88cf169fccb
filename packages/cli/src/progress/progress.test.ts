import { PassThrough } from 'node:stream';
import type { EpochRecord, StepProgress } from '@interseg/training';
import { expect, it } from 'vitest';
import type { LogStream } from '../terminal/context.ts';
import { RemainingTime } from './remaining.ts';
import { RunProgress, bar } from './run-progress.ts';

function step(epoch: number, stepInEpoch: number): StepProgress {
  return { epoch, epochs: 3, stepInEpoch, stepsPerEpoch: 2, gradientNorm: 1, loss: { total: 0.51234, image: 0.5 } };
}

function record(epoch: number, valDice: number): EpochRecord {
  return { epoch, step: 2 * epoch, learningRate: 1e-3, trainLoss: 0.5, lossImage: 0.5, valDice, seconds: 4 };
}

/** Runs three epochs of two steps, ten seconds each, and returns what was written. */
function written(isTTY: boolean): string {
  const stream: LogStream = new PassThrough();
  stream.isTTY = isTTY;
  stream.columns = 200;
  let now = 0;
  const progress = new RunProgress(stream, () => now);
  for (let epoch = 1; epoch <= 3; epoch++) {
    for (let index = 1; index <= 2; index++) {
      now += 10;
      progress.step(step(epoch, index));
    }
    progress.epoch(record(epoch, epoch === 2 ? 0.7 : 0.6), epoch < 3);
  }
  progress.clear();
  return String((stream as PassThrough).read());
}

it('fills a bar by eighths', () => {
  expect([0, 0.5, 1, 2].map((fraction) => bar(fraction, 4))).toEqual(['    ', '██  ', '████', '████']);
  expect(bar(3 / 32, 4)).toBe('▍   ');
});

it('estimates the time left from steps of this process, not from those before a resume', () => {
  const remaining = new RemainingTime();
  expect(remaining.update(100, 200, 50)).toBeUndefined();
  expect(remaining.update(110, 200, 70)).toBe(180);
  expect(remaining.update(200, 200, 250)).toBe(0);
});

it('writes one line per epoch without a terminal', () => {
  expect(written(false).split('\n')).toEqual([
    'epoch 1/3  loss 0.5  val Dice 0.600  4.0 s  at most 40 s left  best so far',
    'epoch 2/3  loss 0.5  val Dice 0.700  4.0 s  at most 20 s left  best so far',
    'epoch 3/3  loss 0.5  val Dice 0.600  4.0 s',
    '',
  ]);
});

it('redraws one line on a terminal, keeps improving epochs and cleans up', () => {
  const text = written(true);
  expect(text).toContain('epoch 2/3 ▕████████        ▏ 1/2  loss 0.512  val Dice 0.600  ETA 30 s');
  // What a terminal shows in the end: of each line only what follows the last erasure.
  const shown = text.split('\n').map((line) => line.split('\r\u001b[2K').at(-1));
  expect(shown).toEqual([
    'epoch 1/3  loss 0.5  val Dice 0.600  4.0 s  best so far',
    'epoch 2/3  loss 0.5  val Dice 0.700  4.0 s  best so far',
    '',
  ]);
});

it('warns once about each level whose features have vanished', () => {
  const stream = new PassThrough();
  const progress = new RunProgress(stream, () => 0);
  progress.epoch({ ...record(1, 0.6), collapsed: [0] }, false);
  progress.epoch({ ...record(2, 0.6), collapsed: [0, 1] }, false);
  const warnings = String(stream.read())
    .split('\n')
    .filter((line) => line.startsWith('warning'));
  expect(warnings.map((line) => /level [\d, ]+/.exec(line)?.[0])).toEqual(['level 0', 'level 1']);
});

it('gives the bar the space that the numbers leave, and never draws past the edge', () => {
  const drawn = (columns: number): string => {
    const stream: LogStream = new PassThrough();
    stream.isTTY = true;
    stream.columns = columns;
    new RunProgress(stream, () => 0).step(step(1, 1));
    return String((stream as PassThrough).read()).replace('\r\u001b[2K', '');
  };
  expect(drawn(33)).toBe('epoch 1/3 ▕██  ▏ 1/2  loss 0.512');
  expect(drawn(30)).toBe('epoch 1/3  1/2  loss 0.512');
  expect(drawn(11)).toBe('epoch 1/3 ');
});
