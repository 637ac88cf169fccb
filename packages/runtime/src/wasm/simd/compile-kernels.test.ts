import { setFlagsFromString } from 'node:v8';
import { describe, expect, test } from 'vitest';
import { pseudoRandom, relativeDifference } from '../../testing/values.ts';
import { sharedMemory, webAssembly, type WasmMemory } from '../web-assembly.ts';
import { compileKernels, hasRelaxedSimd } from './compile-kernels.ts';

type OwnMemory = new (size: { initial: number; maximum: number }) => WasmMemory;

// Node 20 has relaxed SIMD behind a flag; later versions have it, and no longer the flag.
const isRelaxedByDefault = hasRelaxedSimd();
if (!isRelaxedByDefault) setFlagsFromString('--experimental-wasm-relaxed-simd');

describe.each([false, true])('relaxed SIMD: %s', (isRelaxed) => {
  test.each([
    ['shared', sharedMemory()],
    ['not shared', new (webAssembly.Memory as unknown as OwnMemory)({ initial: 1, maximum: 65536 })],
  ])('the kernels compute in memory that is %s', (_, memory) => {
    const isShared = memory.buffer instanceof SharedArrayBuffer;
    const { copyRows } = new webAssembly.Instance(compileKernels(isShared, isRelaxed), { env: { memory } }).exports;
    const floats = new Float32Array(memory.buffer);
    floats.set([1, 2, 3, 4, 5, 6]);
    // Two rows of two floats from address 0, three floats apart, to address 64 without a gap.
    copyRows!(0, 64, 8, 12, 8, 0, 0, 2);
    expect([...floats.slice(16, 21)]).toEqual([1, 2, 4, 5, 0]);
  });

  test('kernels for memory of one kind refuse the other', () => {
    const link = () => new webAssembly.Instance(compileKernels(false, isRelaxed), { env: { memory: sharedMemory() } });
    expect(link).toThrow(/memory/);
  });

  test('the gradient of a filter is that in double precision', () => {
    const [size, channels] = [9, 8];
    const memory = sharedMemory();
    const { winogradFilterGradient } = new webAssembly.Instance(compileKernels(true, isRelaxed), { env: { memory } })
      .exports;
    const x = pseudoRandom(size * size * channels, 1);
    const dy = pseudoRandom(size * size * channels, 2);
    const [atX, atDy, atDw, atSums, scratch] = [1024, 65536, 131072, 262144, 524288];
    new Float32Array(memory.buffer, atX, x.length).set(x);
    new Float32Array(memory.buffer, atDy, dy.length).set(dy);
    const sizes = [1, size, size, channels, size, size, channels, 1, 1, 16];
    winogradFilterGradient!(atX, atDy, atDw, atSums, ...sizes, scratch, 0, channels / 4);
    const expected: number[] = [];
    for (let tap = 0; tap < 9; tap++) {
      const [ky, kx] = [Math.floor(tap / 3) - 1, (tap % 3) - 1];
      for (let pair = 0; pair < channels * channels; pair++) {
        const [c, o] = [Math.floor(pair / channels), pair % channels];
        let sum = 0;
        for (let at = 0; at < size * size; at++) {
          const [row, column] = [Math.floor(at / size) + ky, (at % size) + kx];
          if (row < 0 || row >= size || column < 0 || column >= size) continue;
          sum += x[(row * size + column) * channels + c]! * dy[at * channels + o]!;
        }
        expected.push(sum);
      }
    }
    expect(relativeDifference(new Float32Array(memory.buffer, atDw, expected.length), expected)).toBeLessThan(3e-6);
  });
});

test('the host is asked whether it has relaxed SIMD', () => {
  const major = Number(process.versions.node.split('.')[0]);
  expect(isRelaxedByDefault).toBe(major >= 22);
});
