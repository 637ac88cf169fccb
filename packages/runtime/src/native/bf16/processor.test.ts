import { expect, test } from 'vitest';
import { findBf16 } from './processor.ts';

test.each([
  ['flags\t\t: fpu avx512f avx512_bf16 amx_bf16 amx_tile', 'amx_bf16'],
  ['processor\t: 0\nflags\t\t: fpu avx512_bf16\nbugs\t\t: amx_bf16', 'avx512_bf16'],
  ['flags\t\t: fpu avx2 avx512f', undefined],
  ['Features\t: fp asimd', undefined],
  ['', undefined],
])('%j has %s', (description, expected) => {
  expect(findBf16(() => description)).toBe(expected);
});

test('the processor of this machine can be asked', () => {
  expect([undefined, 'amx_bf16', 'avx512_bf16']).toContain(findBf16());
});
