import { expect, test } from 'vitest';
import { sharedMemory, webAssembly, type WasmMemory } from '../web-assembly.ts';
import { compileKernels } from './compile-kernels.ts';

type OwnMemory = new (size: { initial: number; maximum: number }) => WasmMemory;

test.each([
  ['shared', sharedMemory()],
  ['not shared', new (webAssembly.Memory as unknown as OwnMemory)({ initial: 1, maximum: 65536 })],
])('the kernels compute in memory that is %s', (_, memory) => {
  const isShared = memory.buffer instanceof SharedArrayBuffer;
  const { copyRows } = new webAssembly.Instance(compileKernels(isShared), { env: { memory } }).exports;
  const floats = new Float32Array(memory.buffer);
  floats.set([1, 2, 3, 4, 5, 6]);
  // Two rows of two floats from address 0, three floats apart, to address 64 without a gap.
  copyRows!(0, 64, 8, 12, 8, 0, 0, 2);
  expect([...floats.slice(16, 21)]).toEqual([1, 2, 4, 5, 0]);
});

test('kernels for memory of one kind refuse the other', () => {
  const link = () => new webAssembly.Instance(compileKernels(false), { env: { memory: sharedMemory() } });
  expect(link).toThrow(/memory/);
});
