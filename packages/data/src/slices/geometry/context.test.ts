import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completeSliceSettings } from '../slice-settings.ts';
import { inputChannels, inputSlices } from './context.ts';

describe('inputSlices', () => {
  it('are the neighbours in order, and the outermost slice beyond the volume', () => {
    const stack = { slices: 6, gap: 5 };
    expect(inputSlices({}, stack, 3)).toEqual([3]);
    expect(inputSlices({ context: 2 }, stack, 3)).toEqual([1, 2, 3, 4, 5]);
    expect(inputSlices({ context: 2 }, stack, 0)).toEqual([0, 0, 0, 1, 2]);
    expect(inputSlices({ context: 3 }, stack, 5)).toEqual([2, 3, 4, 5, 5, 5, 5]);
    expect(inputSlices({ context: 1 }, { slices: 1, gap: 5 }, 0)).toEqual([0, 0, 0]);
    expect(inputChannels({ context: 2 }, 4)).toBe(20);
  });

  it('are those nearest to their place in mm, whatever the gap', () => {
    // 6 mm are two slices at 3 mm, one at 5 mm (to which 5 is nearer than 10), and none at 15 mm.
    expect(inputSlices({ context: 2, contextSpacing: 6 }, { slices: 20, gap: 3 }, 10)).toEqual([6, 8, 10, 12, 14]);
    expect(inputSlices({ context: 2, contextSpacing: 6 }, { slices: 20, gap: 5 }, 10)).toEqual([8, 9, 10, 11, 12]);
    expect(inputSlices({ context: 2, contextSpacing: 6 }, { slices: 20, gap: 15 }, 10)).toEqual([9, 10, 10, 10, 11]);
    const cases = fc.record({
      context: fc.integer({ min: 1, max: 8 }),
      contextSpacing: fc.double({ min: 0.1, max: 30, noNaN: true }),
      gap: fc.double({ min: 0.1, max: 10, noNaN: true }),
      slices: fc.integer({ min: 1, max: 40 }),
      at: fc.nat(),
    });
    fc.assert(
      fc.property(cases, ({ context, contextSpacing, gap, slices, at }) => {
        const slice = at % slices;
        const found = inputSlices({ context, contextSpacing }, { slices, gap }, slice);
        expect(found).toHaveLength(2 * context + 1);
        expect(found[context]).toBe(slice);
        found.forEach((one, index) => {
          const place = slice * gap + (index - context) * contextSpacing;
          const distances = Array.from({ length: slices }, (_, other) => Math.abs(other * gap - place));
          expect(distances[one]! - Math.min(...distances)).toBeLessThan(1e-6);
        });
      }),
    );
  });

  it('refuses a context that cannot be', () => {
    const of = (settings: object) => () => completeSliceSettings({ size: [8, 8], ...settings }, 'mr');
    expect(of({ context: 9 })).toThrow('The option context is 9, expected a whole number from 0 to 8.');
    expect(of({ context: 1, contextSpacing: 0 })).toThrow(/contextSpacing is 0, expected millimetres above 0/);
    expect(of({ contextSpacing: 3 })).toThrow(/contextSpacing is 3, expected none without context/);
    expect(of({ context: 0 })()).toEqual(of({})());
  });
});
