import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inParallel } from './in-parallel.ts';
import { prefetch } from './prefetch.ts';

/** Counts from 0, noting when each number is made. */
async function* counting(made: number[], end: number, failAt = Infinity): AsyncGenerator<number, void> {
  for (let number = 0; number < end; number++) {
    if (number === failAt) throw new Error(`at ${number}`);
    made.push(number);
    yield number;
  }
}

describe('prefetch', () => {
  it('makes elements before they are wanted, as many as told and no more', async () => {
    const made: number[] = [];
    const numbers = prefetch(counting(made, 10), 3);
    expect(made).toEqual([]);
    expect((await numbers.next()).value).toBe(0);
    await wait(5);
    expect(made).toEqual([0, 1, 2]);
    expect((await numbers.next()).value).toBe(1);
    await wait(5);
    expect(made).toEqual([0, 1, 2, 3]);
    await numbers.return();
    await wait(5);
    expect(made).toEqual([0, 1, 2, 3]);
  });

  it('yields all in order, and an error in its place', async () => {
    const seen: number[] = [];
    for await (const number of prefetch(counting([], 5), 3)) seen.push(number);
    expect(seen).toEqual([0, 1, 2, 3, 4]);
    const until: number[] = [];
    const reading = (async () => {
      for await (const number of prefetch(counting([], 5, 2), 4)) {
        until.push(number);
        await wait(1);
      }
    })();
    await expect(reading).rejects.toThrow('at 2');
    expect(until).toEqual([0, 1]);
  });
});

describe('inParallel', () => {
  it('works on so many at a time, on all, and begins none after an error', async () => {
    let [active, most] = [0, 0];
    const done: number[] = [];
    const work = async (item: number): Promise<void> => {
      most = Math.max(most, ++active);
      await wait(2);
      active--;
      if (item === 13) throw new Error('unlucky');
      done.push(item);
    };
    await inParallel([1, 2, 3, 4, 5, 6, 7], 3, work);
    expect([most, done.length]).toEqual([3, 7]);
    await expect(inParallel([8, 13, 9, 10, 11, 12], 2, work)).rejects.toThrow('unlucky');
    await wait(20);
    expect(done).not.toContain(12);
  });
});
