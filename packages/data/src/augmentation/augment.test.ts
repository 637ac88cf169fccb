import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random/random.ts';
import { augmentSlice, sliceRandom } from './augment.ts';
import { augmentationPresets, completeAugmentation, type Augmentation } from './settings.ts';
import type { AugmentedSlice } from './warp.ts';

const { none, full } = augmentationPresets;
const seeds = fc.integer({ min: 0, max: 1e6 });
const bounded = { isBounded: true };

/** A slice with random intensities from 0 to 1 and a random mask. */
function randomSlice(seed: number, size: [number, number] = [7, 9], channels = 2, classes = 2): AugmentedSlice {
  const random = createRandom(`slice ${seed}`);
  const pixels = size[0] * size[1];
  return {
    size,
    channels,
    classes,
    image: Float32Array.from({ length: pixels * channels }, () => random.next()),
    mask: Float32Array.from({ length: pixels * classes }, () => random.integer(2)),
  };
}

const augmented = (slice: AugmentedSlice, strengths: Partial<Augmentation>, seed = 1): AugmentedSlice =>
  augmentSlice(slice, completeAugmentation('none', strengths), createRandom(seed), bounded);

/** Any strengths that are allowed. */
const anyStrengths: fc.Arbitrary<Augmentation> = fc.record({
  flipHorizontal: fc.double({ min: 0, max: 1, noNaN: true }),
  flipVertical: fc.double({ min: 0, max: 1, noNaN: true }),
  rotation: fc.double({ min: 0, max: 180, noNaN: true }),
  scaling: fc.double({ min: 0, max: 1, noNaN: true }),
  elastic: fc.double({ min: 0, max: 0.05, noNaN: true }),
  gamma: fc.double({ min: 0, max: 4, noNaN: true }),
  invertedGamma: fc.double({ min: 0, max: 4, noNaN: true }),
  retainStatistics: fc.double({ min: 0, max: 1, noNaN: true }),
  brightness: fc.double({ min: 0, max: 0.9, noNaN: true }),
  contrast: fc.double({ min: 0, max: 0.9, noNaN: true }),
  noise: fc.double({ min: 0, max: 1, noNaN: true }),
  blur: fc.double({ min: 0, max: 10, noNaN: true }),
  blurMinimum: fc.double({ min: 0, max: 10, noNaN: true }),
  lowResolution: fc.double({ min: 0, max: 0.9, noNaN: true }),
  probability: fc.double({ min: 0, max: 1, noNaN: true }),
});

describe('augmentSlice', () => {
  it('leaves every byte as it is when nothing is to change', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const slice = randomSlice(seed);
        const before = { image: slice.image.slice(), mask: slice.mask.slice() };
        for (const settings of [none, { ...full, flipHorizontal: 0, probability: 0 }]) {
          const after = augmentSlice(slice, settings, createRandom(seed), bounded);
          expect(after).toMatchObject(before);
        }
      }),
    );
  });

  it('never changes the slice that it is given', () => {
    fc.assert(
      fc.property(seeds, anyStrengths, (seed, strengths) => {
        const slice = randomSlice(seed);
        augmentSlice(slice, strengths, createRandom(seed), bounded);
        expect(slice).toEqual(randomSlice(seed));
      }),
    );
  });

  it('mirrors exactly, and twice is not at all', () => {
    const slice: AugmentedSlice = {
      size: [2, 3],
      channels: 1,
      classes: 1,
      image: Float32Array.of(1, 2, 3, 4, 5, 6),
      mask: Float32Array.of(1, 0, 0, 0, 1, 1),
    };
    const mirrored = augmented(slice, { flipHorizontal: 1 });
    expect(mirrored).toMatchObject({
      image: Float32Array.of(3, 2, 1, 6, 5, 4),
      mask: Float32Array.of(0, 0, 1, 1, 1, 0),
    });
    const reversed = augmented(slice, { flipVertical: 1 });
    expect(reversed).toMatchObject({
      image: Float32Array.of(4, 5, 6, 1, 2, 3),
      mask: Float32Array.of(0, 1, 1, 1, 0, 0),
    });
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }), (seed, height, width) => {
        const any = randomSlice(seed, [height, width]);
        for (const flip of [{ flipHorizontal: 1 }, { flipVertical: 1 }, { flipHorizontal: 1, flipVertical: 1 }]) {
          expect(augmented(augmented(any, flip), flip)).toEqual(any);
        }
      }),
    );
  });

  it('keeps masks at 0 and 1, and bounded images from 0 to 1, whatever the strengths', () => {
    fc.assert(
      fc.property(seeds, anyStrengths, (seed, strengths) => {
        const { image, mask } = augmentSlice(randomSlice(seed), strengths, createRandom(seed), bounded);
        expect(mask.every((value) => value === 0 || value === 1)).toBe(true);
        expect(image.every((value) => value >= 0 && value <= 1)).toBe(true);
      }),
    );
  });

  it('moves image and mask alike', () => {
    // On a plane, interpolation gives the place that a pixel came from; the mask marks where the plane is above a limit. The
    // second channel is 1: it stays 1 where nothing came from outside.
    const values = Array.from({ length: 480 }, (_, at) => 0.8 * Math.floor(at / 20) + 0.6 * (at % 20));
    const slice: AugmentedSlice = {
      size: [24, 20],
      channels: 2,
      classes: 1,
      image: Float32Array.from(values.flatMap((value) => [value, 1])),
      mask: Float32Array.from(values, (value) => (value > 14 ? 1 : 0)),
    };
    fc.assert(
      fc.property(seeds, anyStrengths, (seed, { rotation, scaling, elastic, flipHorizontal, flipVertical }) => {
        const geometry = { rotation, scaling, elastic, flipHorizontal, flipVertical, probability: 1 };
        const { image, mask } = augmentSlice(slice, { ...none, ...geometry }, createRandom(seed), bounded);
        for (let pixel = 0; pixel < 480; pixel++) {
          const [value, inside] = [image[2 * pixel]!, image[2 * pixel + 1]!];
          // The nearest centre is at most half a pixel away along each axis, which is 0.7 on the plane.
          if (inside < 0.9999 || Math.abs(value - 14) < 0.71) continue;
          expect(mask[pixel]).toBe(value > 14 ? 1 : 0);
        }
      }),
    );
  });

  it('is decided by seed, epoch, case, slice and appearance, and by nothing else', () => {
    const slice = randomSlice(3);
    const draw = { seed: 1, epoch: 2, id: 'case', slice: 4, appearance: 0 };
    const of = (change: Partial<typeof draw>): AugmentedSlice =>
      augmentSlice(slice, full, sliceRandom({ ...draw, ...change }), bounded);
    expect(of({})).toEqual(of({}));
    for (const other of [{ seed: 2 }, { epoch: 3 }, { id: 'other' }, { slice: 5 }, { appearance: 1 }]) {
      expect(of(other)).not.toEqual(of({}));
    }
  });

  it('draws each change by itself: another strength of one leaves the others as they were', () => {
    const slice = randomSlice(5);
    const before = augmented(slice, { flipHorizontal: 0.5, rotation: 20, probability: 1 }, 7);
    const after = augmented(slice, { flipHorizontal: 0.5, rotation: 20, noise: 0.2, probability: 1 }, 7);
    expect(after.mask).toEqual(before.mask);
    expect(after.image).not.toEqual(before.image);
  });
});

it('refuses strengths out of range', () => {
  expect(() => completeAugmentation('light', { elastic: 0.06 })).toThrow(
    'The strength elastic of augmentation is 0.06, expected a number from 0 to 0.05.',
  );
  expect(() => completeAugmentation('light', { noise: NaN })).toThrow(/noise .* is NaN/);
  expect(completeAugmentation('light', { rotation: undefined, noise: 0.1 })).toEqual({
    ...augmentationPresets.light,
    noise: 0.1,
  });
});

it('has a preset with a probability of its own for each change, which one for all replaces', () => {
  const { nnunet } = augmentationPresets;
  expect(completeAugmentation('nnunet')).toEqual(nnunet);
  expect(completeAugmentation('nnunet', { contrast: 0.1 })).toEqual({ ...nnunet, contrast: 0.1 });
  const { probabilities, ...strengths } = nnunet;
  expect(probabilities).toMatchObject({ rotation: 0.2, gamma: 0.3, invertedGamma: 0.1 });
  expect(completeAugmentation('nnunet', { probability: 0.4 })).toEqual({ ...strengths, probability: 0.4 });
  expect(() => completeAugmentation('none', { probabilities: { blur: 2 } })).toThrow(
    'The probability of blur of augmentation is 2, expected a number from 0 to 1.',
  );
});

it('turns elongated slices less with the preset nnunet, unless told otherwise', () => {
  const rotation = (name: 'nnunet' | 'full', size: [number, number], strengths = {}): number =>
    completeAugmentation(name, strengths, size).rotation;
  expect(rotation('nnunet', [150, 100])).toBe(180);
  expect(rotation('nnunet', [100, 151])).toBe(15);
  expect(rotation('nnunet', [100, 151], { rotation: 90 })).toBe(90);
  expect(rotation('full', [100, 151])).toBe(20);
});
