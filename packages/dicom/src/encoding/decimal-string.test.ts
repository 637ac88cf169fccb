import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decimalString } from './decimal-string.ts';

it('writes numbers with as many digits as 16 characters hold', () => {
  expect(decimalString(0)).toBe('0');
  expect(decimalString(-0)).toBe('0');
  expect(decimalString(0.5)).toBe('0.5');
  expect(decimalString(-1 / 3)).toBe('-0.3333333333333');
  expect(decimalString(Math.PI)).toBe('3.14159265358979');
  expect(decimalString(-123456.789012345678)).toBe('-123456.78901235');
  expect(decimalString(1e22)).toBe('1e+22');
  expect(() => decimalString(NaN)).toThrow('found NaN, expected a finite number');
});

it('never needs more characters than allowed, and is true to nine digits', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, min: -1e300, max: 1e300 }), (value) => {
      const text = decimalString(value);
      expect(text).toMatch(/^[-+0-9.e]{1,16}$/);
      expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(
        Math.max(Math.abs(value) * 1e-8, Number.MIN_VALUE * 8),
      );
    }),
  );
});
