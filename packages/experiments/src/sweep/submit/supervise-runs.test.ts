import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { superviseRuns, type RunEnd } from './supervise-runs.ts';

const exit = (status: number): RunEnd => ({ how: 'exit', status });

it('keeps so many runs going, and no more', async () => {
  let [active, most] = [0, 0];
  const ends = await superviseRuns([3, 4, 5, 6, 7], { parallel: 2, attempts: 1 }, async () => {
    most = Math.max(most, ++active);
    await wait(5);
    active--;
    return exit(0);
  });
  expect(most).toBe(2);
  expect([...ends.keys()].sort()).toEqual([3, 4, 5, 6, 7]);
});

it('starts a run again that failed or was lost, at the end of the queue and so often at most', async () => {
  const started: number[] = [];
  const told: [number, boolean][] = [];
  const onEnd = (index: number, _end: RunEnd, again: boolean): number => told.push([index, again]);
  const ends = await superviseRuns([0, 1, 2], { parallel: 1, attempts: 3, onEnd }, async (index) => {
    started.push(index);
    if (index === 0) return started.filter((one) => one === 0).length < 3 ? { how: 'lost' } : exit(0);
    return exit(index === 1 ? 1 : 0);
  });
  expect(started).toEqual([0, 1, 2, 0, 1, 0, 1]);
  expect(told).toEqual([
    [0, true],
    [1, true],
    [2, false],
    [0, true],
    [1, true],
    [0, false],
    [1, false],
  ]);
  expect([...ends.values()]).toEqual([exit(0), exit(1), exit(0)]);
});

it.each<RunEnd>([exit(2), exit(76), exit(143), { how: 'stopped' }])(
  'does not start again what ended with %o',
  async (end) => {
    let starts = 0;
    await superviseRuns([0], { parallel: 4, attempts: 5 }, async () => {
      starts++;
      return end;
    });
    expect(starts).toBe(1);
  },
);

it('starts a lost run again while others wait for work', async () => {
  const starts: number[] = [];
  await superviseRuns([0, 1], { parallel: 2, attempts: 2 }, async (index) => {
    starts.push(index);
    await wait(index === 0 ? 20 : 1);
    return starts.length === 2 ? { how: 'lost' } : exit(0);
  });
  expect(starts).toHaveLength(3);
});

it('starts nothing more when it is told to end', async () => {
  const controller = new AbortController();
  const started: number[] = [];
  await superviseRuns([0, 1], { parallel: 1, attempts: 3, signal: controller.signal }, async (index) => {
    started.push(index);
    controller.abort();
    return { how: 'lost' };
  });
  expect(started).toEqual([0]);
});
