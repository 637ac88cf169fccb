import { PassThrough } from 'node:stream';
import type { ComparedRun } from '@interseg/experiments';
import { expect, it } from 'vitest';
import type { LogStream } from '../terminal/context.ts';
import { ComparisonProgress } from './comparison-progress.ts';
import { RemainingRuns } from './remaining.ts';

const run = (variant: string, seed: number) => ({ variant, seed });

it('expects a run to take as long as earlier runs of its variant, or else the average', () => {
  const remaining = new RemainingRuns(
    [run('twi', 1), run('unet', 2), run('twi', 2), run('sae', 2)],
    [{ ...run('unet', 1), seconds: 10 }],
  );
  remaining.begin(run('twi', 1), 100);
  // The run takes 5 s and 15 s more: 20 s for twi, 10 s for unet, 15 s for sae.
  expect(remaining.update(15, 105)).toBe(15 + 10 + 20 + 15);
  remaining.end(130);
  remaining.begin(run('unet', 2), 130);
  // It took 30 s; of unet the 10 s are known, whatever this run will take.
  expect(remaining.update(9, 131)).toBe(9 + 30 + 20);
});

it('has no estimate before the first step', () => {
  expect(new RemainingRuns([run('unet', 1)], []).update(0, 0)).toBeUndefined();
});

it('shows the current run and the time left for all runs', () => {
  const stream: LogStream = new PassThrough();
  stream.isTTY = true;
  stream.columns = 120;
  let now = 0;
  const progress = new ComparisonProgress(stream, () => now);
  const finished = { ...run('unet', 1), seconds: 50 } as ComparedRun;
  progress.plan([run('unet', 1), run('twi', 1), run('unet', 2)], [finished]);
  progress.begin(run('twi', 1));
  for (const stepInEpoch of [1, 2]) {
    now += 10;
    progress.step({
      epoch: 1,
      epochs: 2,
      stepInEpoch,
      stepsPerEpoch: 2,
      gradientNorm: 1,
      loss: { total: 0.5, image: 0.5 },
    });
  }
  const text = String((stream as PassThrough).read());
  expect(text).toContain('3 runs, 1 of them already finished\n');
  expect(text).toContain('run 2/3: twi, seed 1\n');
  // Two of four steps, 10 s each: 20 s, and 50 s for the other U-Net.
  expect(text).toMatch(/run 2\/3 epoch 1\/2 .*ETA 20 s, all runs 1 min 10 s$/);
});
