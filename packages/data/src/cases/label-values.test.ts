import { expect, it } from 'vitest';
import { labelValues } from './label-values.ts';

it('finds every value but 0, in order, however many there are', () => {
  expect(labelValues({ data: Int16Array.of(0, 0, 12, 12, 0, 3, 12) }, 'a.nii')).toEqual([3, 12]);
  expect(labelValues({ data: Int16Array.from({ length: 660 }, (_, index) => index) }, 'atlas.nii')).toHaveLength(659);
});

it.each([[0.5], [-1], [NaN]])('%d is no label', (value) => {
  expect(() => labelValues({ data: Float32Array.of(0, value) }, 'a.nii')).toThrow(
    `a.nii: found the value ${value}, expected a label map with whole numbers of 0 or more.`,
  );
});
