import fc from 'fast-check';
import { expect, it } from 'vitest';
import { defaultColor, fromCielab, toCielab, type Color } from './cielab.ts';

it('scales L*, a* and b* to 16 bits', () => {
  // White has L* 100 and no colour: a* = b* = 0 is 128/255 of the range.
  const [l, a, b] = toCielab([255, 255, 255]);
  expect(l).toBe(65535);
  for (const value of [a, b]) expect(Math.abs(value - (128 / 255) * 65535)).toBeLessThan(3);
  expect(toCielab([0, 0, 0])).toEqual([0, 32896, 32896]);
  // Pure red with D50 is L* 54.29, a* 80.81, b* 69.89 (B. Lindbloom's calculator).
  const red = [(54.29 / 100) * 65535, ((80.81 + 128) / 255) * 65535, ((69.89 + 128) / 255) * 65535];
  toCielab([255, 0, 0]).forEach((value, index) => expect(Math.abs(value - red[index]!)).toBeLessThan(6));
});

it('gives back the colour', () => {
  const channel = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(fc.tuple(channel, channel, channel), (color) => {
      expect(fromCielab(toCielab(color))).toEqual(color);
    }),
  );
});

it('has a colour for any segment', () => {
  const colors = Array.from({ length: 10 }, (_, index) => defaultColor(index + 1).join());
  expect(new Set(colors).size).toBe(10);
  expect(defaultColor(11)).toEqual(defaultColor(1) satisfies Color);
});
