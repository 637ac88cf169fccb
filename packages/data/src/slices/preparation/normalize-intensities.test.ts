import { OptionError } from '@interseg/errors';
import { describe, expect, it } from 'vitest';
import { normalize } from './normalize-intensities.ts';
import { completeSliceSettings } from '../slice-settings.ts';

const close = (actual: Float32Array, expected: number[]): void =>
  expected.forEach((value, index) => expect(actual[index]).toBeCloseTo(value, 6));

describe('normalize', () => {
  it('by percentiles of what is not 0, clipped to [0, 1]', () => {
    // The foreground is 10, 20, 30, 40, 50; its 25th and 75th percentiles are 20 and 40.
    const values = Float32Array.of(0, 0, 0, 50, 10, 30, 20, 40, 0);
    close(normalize(values, { kind: 'percentiles', lower: 25, upper: 75 }), [0, 0, 0, 1, 0, 0.5, 0, 1, 0]);
    // Their 10th is between the first two: 10 + 0.4 · 10 = 14; the 90th is 46.
    const [, , , top, bottom, middle, second] = normalize(values, { kind: 'percentiles', lower: 10, upper: 90 });
    close(Float32Array.of(top!, bottom!, middle!, second!), [1, 0, 0.5, 6 / 32]);
    expect(values[3]).toBe(50);
  });

  it('by a window', () => {
    const values = Float32Array.of(-1024, -160, -60, 40, 240, 3000);
    close(normalize(values, { kind: 'window', level: 40, width: 400 }), [0, 0, 0.25, 0.5, 1, 1]);
  });

  it('to mean 0 and deviation 1 of the foreground, background 0', () => {
    // Foreground 2, 4, 4, 4, 5, 5, 7, 9: mean 5, deviation 2.
    const values = Float32Array.of(2, 0, 4, 4, 4, 5, 5, 7, 9, 0);
    close(normalize(values, { kind: 'zscore' }), [-1.5, 0, -0.5, -0.5, -0.5, 0, 0, 1, 2, 0]);
  });

  it('to 0 where there is no contrast', () => {
    for (const kind of ['percentiles', 'zscore'] as const) {
      expect(normalize(Float32Array.of(3, 3, 0), { kind })).toEqual(Float32Array.of(0, 0, 0));
      expect(normalize(Float32Array.of(0, 0), { kind })).toEqual(Float32Array.of(0, 0));
    }
  });

  it('not at all', () => {
    expect(normalize(Float32Array.of(-3, 5), { kind: 'none' })).toEqual(Float32Array.of(-3, 5));
  });
});

describe('completeSliceSettings', () => {
  it('fills in what fits the modality', () => {
    expect(completeSliceSettings({ size: [96, 64] }, 'mr')).toEqual({
      size: [96, 64],
      plane: 'axial',
      resizing: 'shrink',
      normalization: { kind: 'percentiles', lower: 0.5, upper: 99.5 },
    });
    const ct = completeSliceSettings({ size: [96, 64] }, 'ct').normalization;
    expect(ct).toEqual({ kind: 'window', level: 40, width: 400 });
    const spleen = completeSliceSettings({ size: [9, 9], normalization: { kind: 'window', level: 50 } }, 'mr');
    expect(spleen.normalization).toEqual({ kind: 'window', level: 50, width: 400 });
  });

  it.each([
    [{ size: [0, 4] as const }, /size is 0 × 4/],
    [{ size: [4.5, 4] as const }, /size/],
    [{ size: [4, 4] as const, normalization: { kind: 'window', width: 0 } as const }, /width 0/],
    [{ size: [4, 4] as const, normalization: { kind: 'percentiles', lower: 99.5, upper: 1 } as const }, /99\.5 and 1/],
  ])('refuses %j', (settings, message) => {
    expect(() => completeSliceSettings(settings, 'mr')).toThrow(OptionError);
    expect(() => completeSliceSettings(settings, 'mr')).toThrow(message);
  });
});
