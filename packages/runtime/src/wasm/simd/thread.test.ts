import { expect, test } from 'vitest';
import { sharedMemory } from '../web-assembly.ts';
import { compileKernels } from './compile-kernels.ts';
import { startNodeThread } from './node-thread.ts';
import { blockWords, layout, rangeWords } from './thread.ts';

test('a thread that is woken twice for one call does its share once', async () => {
  const control = new SharedArrayBuffer(4 * blockWords + 8 * 32);
  const words = new Int32Array(control, 0, blockWords);
  const memory = sharedMemory();
  const bytes = new Uint8Array(memory.buffer);
  const data = { module: compileKernels(true), memory, control, index: 1, kernels: ['copyRows'] };
  const thread = await startNodeThread(data);
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const untilIdle = async (): Promise<void> => {
    while (Atomics.load(words, layout.busy) > 0) await sleep(1);
  };

  // One row of four bytes from place 64 to place 128.
  const values = [64, 128, 4, 4, 4];
  new Float64Array(control, 4 * blockWords).set(values);
  words[layout.argumentCount] = values.length;
  words.set([0, 0, 1], layout.ranges + rangeWords);
  try {
    for (const value of [7, 8]) {
      bytes[64] = value;
      Atomics.store(words, layout.busy, 1);
      Atomics.add(words, layout.call, 1);
      Atomics.notify(words, layout.call);
      await untilIdle();
      expect(bytes[128]).toBe(value);
      // Then the place is in other use. A caller that is interrupted before it wakes the thread, which saw the call by itself,
      // wakes it afterwards.
      bytes[128] = 99;
      await sleep(20);
      Atomics.notify(words, layout.call);
      await sleep(50);
      expect(bytes[128]).toBe(99);
      expect(Atomics.load(words, layout.busy)).toBe(0);
    }
  } finally {
    thread.terminate();
  }
});
