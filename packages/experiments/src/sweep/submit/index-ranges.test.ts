import { expect, it } from 'vitest';
import { formatRanges } from './index-ranges.ts';

it('writes neighbours as ranges', () => {
  expect(formatRanges([])).toBe('');
  expect(formatRanges([7])).toBe('7');
  expect(formatRanges([0, 1, 2, 5, 7, 8])).toBe('0-2,5,7-8');
});
