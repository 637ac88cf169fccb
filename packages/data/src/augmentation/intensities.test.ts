import { expect, it } from 'vitest';
import { createRandom } from '../random/random.ts';
import { meanAndDeviation } from '../statistics.ts';
import { blurChannel } from './blur.ts';
import { changeIntensities } from './intensities.ts';
import { changeGamma } from './intensity-curves.ts';
import { lowerResolution } from './low-resolution.ts';
import { completeAugmentation, type Augmentation } from './settings.ts';

/** A channel of constant 0.5 beside one of a ramp, after one change with the seed. */
function changed(
  strengths: Partial<Augmentation>,
  seed: number,
  isBounded = true,
): { flat: Float32Array; ramp: Float32Array } {
  const image = Float32Array.from({ length: 2048 }, (_, at) => (at % 2 === 0 ? 0.5 : (at - 1) / 2046));
  const settings = completeAugmentation('none', { ...strengths, probability: 1 });
  changeIntensities({ image, size: [32, 32], channels: 2 }, settings, createRandom(seed), isBounded);
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

it('blurs by at least the minimum, and by no more than the largest', () => {
  // The share of a point that stays in its pixel falls with the deviation.
  const kept = (sigma: number): number => {
    const image = new Float32Array(21 * 21);
    image[220] = 1;
    blurChannel(image, [21, 21], 1, 0, sigma);
    return image[220]!;
  };
  const shares = Array.from({ length: 100 }, (_, seed) => {
    const image = new Float32Array(21 * 21);
    image[220] = 1;
    const settings = completeAugmentation('none', { blur: 1, blurMinimum: 0.5, probability: 1 });
    changeIntensities({ image, size: [21, 21], channels: 1 }, settings, createRandom(seed), true);
    return image[220]!;
  });
  expect(Math.min(...shares)).toBeGreaterThanOrEqual(kept(1));
  expect(Math.max(...shares)).toBeLessThanOrEqual(kept(0.5));
  expect(Math.max(...shares)).toBeGreaterThan(kept(0.55));
});

it('changes contrast around the mean, within the range', () => {
  const factors = Array.from({ length: 100 }, (_, seed) => {
    const { flat, ramp } = changed({ contrast: 0.25 }, seed, false);
    // A channel without differences has none to change.
    expect(flat.every((value) => value === 0.5)).toBe(true);
    const factor = (ramp[600]! - ramp[500]!) / (100 / 1023);
    expect(ramp[0]).toBeCloseTo(Math.max(0, 0.5 - factor / 2), 5);
    expect(ramp[1023]).toBeCloseTo(Math.min(1, 0.5 + factor / 2), 5);
    return factor;
  });
  expect(Math.max(...factors)).toBeGreaterThan(1.24);
  expect(Math.max(...factors)).toBeLessThan(1.2501);
  expect(Math.min(...factors)).toBeLessThan(0.76);
  expect(Math.min(...factors)).toBeGreaterThan(0.7499);
});

it('keeps mean and deviation after gamma where it is told to', () => {
  for (const strength of ['gamma', 'invertedGamma'] as const) {
    for (let seed = 0; seed < 20; seed++) {
      const before = meanAndDeviation(changed({}, seed, false).ramp);
      const { flat, ramp } = changed({ [strength]: 0.5, retainStatistics: 1 }, seed, false);
      const after = meanAndDeviation(ramp);
      expect(after.mean).toBeCloseTo(before.mean, 5);
      expect(after.deviation).toBeCloseTo(before.deviation, 5);
      expect(flat.every((value) => value === 0.5)).toBe(true);
      // Not a straight line any more.
      expect(Math.abs(ramp[512]! - (ramp[0]! + ramp[1023]!) / 2)).toBeGreaterThan(1e-4);
      expect(changed({ [strength]: 0.5 }, seed, false).ramp).not.toEqual(ramp);
      for (const value of changed({ [strength]: 0.5, retainStatistics: 1 }, seed).ramp) {
        expect(value >= 0 && value <= 1).toBe(true);
      }
    }
  }
});

it('bends the bright end with an inverted gamma as the dark end without', () => {
  const how = { isRetained: false, isBounded: true };
  const values = Float32Array.of(0, 0.25, 0.5, 1);
  changeGamma(values, 2, { low: 0, high: 1 }, { ...how, isInverted: true });
  expect(values).toEqual(Float32Array.of(0, 1 - 0.75 ** 2, 0.75, 1));
  const other = Float32Array.of(1, 0.75, 0.5, 0);
  changeGamma(other, 2, { low: 0, high: 1 }, { ...how, isInverted: false });
  expect(other.map((value) => 1 - value)).toEqual(values);
});

it('lowers the resolution as nearest neighbours down and straight lines up do, by hand', () => {
  // Half of 6 pixels: the coarse ones lie at 1, 3 and 5; on the way up a quarter and three quarters between them.
  const row = Float32Array.of(0, 10, 20, 30, 40, 50);
  lowerResolution(row, [1, 6], 0.5);
  expect(row).toEqual(Float32Array.of(10, 15, 25, 35, 45, 50));
  // Along the other axis, too: 3 of 4 rows are those at 0, 2 and 3 (centres 0.67, 2 and 3.33).
  const image = Float32Array.of(1, 2, 30, 40, 5, 6, 7, 80);
  lowerResolution(image, [4, 2], 0.75);
  const rows = [
    [1, 2],
    [1 + 0.625 * 4, 2 + 0.625 * 4],
    [5 + 0.375 * 2, 6 + 0.375 * 74],
    [7, 80],
  ];
  expect([...image]).toEqual(rows.flat());
  const flat = new Float32Array(77).fill(0.3);
  lowerResolution(flat, [7, 11], 0.6);
  for (const value of flat) expect(value).toBeCloseTo(0.3, 7);
});

it('makes each change as often as its own probability says', () => {
  const settings = completeAugmentation('none', {
    contrast: 0.25,
    brightness: 0.25,
    probabilities: { contrast: 0.15, brightness: 0 },
  });
  let [bright, changes] = [0, 0];
  for (let seed = 0; seed < 1000; seed++) {
    const image = Float32Array.of(0, 0.25, 0.75, 1);
    changeIntensities({ image, size: [2, 2], channels: 1 }, settings, createRandom(seed), true);
    if (image[1] !== 0.25) changes++;
    if (Math.abs(image[1]! + image[2]! - 1) > 1e-6) bright++;
  }
  expect(bright).toBe(0);
  // 150 expected, with a standard deviation of 11.
  expect(Math.abs(changes - 150)).toBeLessThan(40);
});

it('changes context slices of one channel alike, and gives each its own noise', () => {
  const scan = createRandom('scan');
  // Two slices of two channels that are the same: [slice 1 channel 1, slice 1 channel 2, slice 2 channel 1, …].
  const pixels = Array.from({ length: 256 }, () => [scan.next(), scan.next()]);
  const same = Float32Array.from(pixels.flatMap(([first, second]) => [first!, second!, first!, second!]));
  const of = (strengths: Partial<Augmentation>, seed: number): Float32Array[] => {
    const image = same.slice();
    const settings = completeAugmentation('none', { ...strengths, probability: 1 });
    const slice = { image, size: [16, 16], channels: 4, contextSlices: 2 } as const;
    changeIntensities(slice, settings, createRandom(seed), false);
    return [0, 1, 2, 3].map((channel) => image.filter((_, at) => at % 4 === channel));
  };
  const all = { gamma: 1, invertedGamma: 1, brightness: 0.2, contrast: 0.2, blur: 1, lowResolution: 0.5 };
  for (let seed = 0; seed < 10; seed++) {
    const [first, second, firstAgain, secondAgain] = of(all, seed);
    expect(firstAgain).toEqual(first);
    expect(secondAgain).toEqual(second);
    const [one, other, oneAgain] = of({ noise: 0.2 }, seed).map((values, channel) =>
      values.map((value, at) => value - pixels[at]![channel % 2]!),
    );
    expect(oneAgain).not.toEqual(one);
    const deviation = meanAndDeviation(one!).deviation;
    expect(meanAndDeviation(oneAgain!).deviation / deviation).toBeCloseTo(1, 0);
    expect(other).not.toEqual(one);
  }
});
