import { expect, it } from 'vitest';
import { memoryPerPixel } from './memory.ts';
import { recipe } from './recipe.ts';

const filters = [16, 32, 64, 128, 256];

// The most resident memory of `interseg train --engine native --threads 1 --deep-supervision` for one epoch, in MiB.
it.each([
  { variant: 'unet', side: 128, batch: 4, measured: 1052 },
  { variant: 'unet', side: 128, batch: 16, measured: 2358 },
  { variant: 'unet', side: 256, batch: 4, measured: 2373 },
  { variant: 'unet', side: 256, batch: 16, measured: 7570 },
  { variant: 'unetpp', side: 128, batch: 4, measured: 1751 },
  { variant: 'unetpp', side: 128, batch: 16, measured: 5046 },
  { variant: 'twi-unet', side: 128, batch: 4, measured: 1740 },
])('estimates $variant at $side² × $batch within a twentieth', ({ variant, side, batch, measured }) => {
  const estimate = 1024 * (recipe.programMemory + batch * side ** 2 * memoryPerPixel({ variant, filters }));
  expect(Math.abs(estimate / measured - 1)).toBeLessThan(0.05);
});

it('counts the slices without labels that are in a step beside those with', () => {
  const of = (changes: object): number => memoryPerPixel({ variant: 'unet', filters, ...changes });
  expect(of({ unlabelled: 'all', unlabelledRatio: 1.5 })).toBeCloseTo(2.5 * of({}), 12);
  expect(of({ unlabelled: 0, unlabelledRatio: 1.5 })).toBe(of({}));
});
