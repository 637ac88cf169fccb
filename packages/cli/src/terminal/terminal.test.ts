import { expect, it } from 'vitest';
import { decimals, duration, significant } from './numbers.ts';
import { textTable } from './table.ts';

it('writes durations in their two largest units', () => {
  expect([4.23, 9.96, 59.6, 200, 3599.7, 7500].map(duration)).toEqual([
    '4.2 s',
    '10 s',
    '1 min 00 s',
    '3 min 20 s',
    '1 h 00 min',
    '2 h 05 min',
  ]);
});

it('writes a dash for a missing value', () => {
  expect([0.12345, null, undefined, NaN, Infinity].map((value) => decimals(value, 3))).toEqual([
    '0.123',
    '–',
    '–',
    '–',
    '–',
  ]);
  expect(significant(0.00012345)).toBe('0.000123');
});

it('aligns a table, numbers to the right', () => {
  expect(
    textTable(
      [{ heading: 'case' }, { heading: 'ml', numeric: true }],
      [
        ['a', '1.5'],
        ['longer', '12.25'],
      ],
    ),
  ).toBe('case       ml\n──────  ─────\na         1.5\nlonger  12.25\n');
});
