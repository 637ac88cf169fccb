import { expect, it } from 'vitest';
import { createRandom } from '../random/random.ts';
import { meanAndDeviation } from '../statistics.ts';
import { blurChannel } from './blur.ts';
import { changeIntensities } from './intensities.ts';
import { completeAugmentation, type Augmentation } from './settings.ts';

/** A channel of constant 0.5 beside one of a ramp, after one change with the seed. */
function changed(
  strengths: Partial<Augmentation>,
  seed: number,
  isBounded = true,
): { flat: Float32Array; ramp: Float32Array } {
  const image = Float32Array.from({ length: 2048 }, (_, at) => (at % 2 === 0 ? 0.5 : (at - 1) / 2046));
  const settings = completeAugmentation('none', { ...strengths, probability: 1 });
  changeIntensities(image, [32, 32], 2, settings, createRandom(seed), isBounded);
  return { flat: image.filter((_, at) => at % 2 === 0), ramp: image.filter((_, at) => at % 2 === 1) };
}

it('multiplies by a factor of its own for each channel', () => {
  const factors = Array.from({ length: 100 }, (_, seed) => {
    const { flat, ramp } = changed({ brightness: 0.2 }, seed, false);
    return [flat[0]! / 0.5, ramp[1023]!];
  });
  for (const factor of factors.flat()) expect(Math.abs(factor - 1)).toBeLessThanOrEqual(0.2);
  expect(Math.max(...factors.flat())).toBeGreaterThan(1.19);
  expect(factors.every(([first, second]) => first !== second)).toBe(true);
});

it('raises to a power between the limits, which keeps the ends of the range', () => {
  for (const isBounded of [true, false]) {
    const exponents = Array.from({ length: 100 }, (_, seed) => {
      const { ramp } = changed({ gamma: 1 }, seed, isBounded);
      expect([ramp[0], ramp[1023]]).toEqual([0, 1]);
      return Math.log(ramp[512]!) / Math.log(512 / 1023);
    });
    expect(Math.max(...exponents)).toBeLessThanOrEqual(2.0001);
    expect(Math.min(...exponents)).toBeGreaterThanOrEqual(0.4999);
    expect(Math.max(...exponents)).toBeGreaterThan(1.9);
    expect(Math.min(...exponents)).toBeLessThan(0.53);
  }
  // A channel without a range of its own has no contrast to change.
  expect(changed({ gamma: 1 }, 1, false).flat.every((value) => value === 0.5)).toBe(true);
});

it('adds noise without a trend, of at most the deviation', () => {
  const deviations = Array.from({ length: 60 }, (_, seed) => {
    const { mean, deviation } = meanAndDeviation(changed({ noise: 0.1 }, seed).flat);
    // 1024 pixels: five standard errors.
    expect(Math.abs(mean - 0.5)).toBeLessThan((5 * deviation) / 32 + 1e-9);
    return deviation;
  });
  expect(Math.max(...deviations)).toBeLessThan(0.112);
  expect(Math.max(...deviations)).toBeGreaterThan(0.085);
});

it('blurs a point to a Gaussian, keeps a constant and the sum', () => {
  const image = new Float32Array(31 * 31);
  image[15 * 31 + 15] = 1;
  blurChannel(image, [31, 31], 1, 0, 2);
  const gaussian = (distance: number): number => Math.exp(-(distance ** 2) / 8) / (2 * Math.sqrt(2 * Math.PI));
  expect(image[15 * 31 + 15]).toBeCloseTo(gaussian(0) ** 2, 3);
  expect(image[15 * 31 + 17]).toBeCloseTo(gaussian(0) * gaussian(2), 3);
  expect(image[12 * 31 + 16]).toBeCloseTo(gaussian(3) * gaussian(1), 3);
  expect(image.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
  const flat = new Float32Array(5 * 4).fill(0.7);
  blurChannel(flat, [5, 4], 1, 0, 3);
  for (const value of flat) expect(value).toBeCloseTo(0.7, 6);
});
