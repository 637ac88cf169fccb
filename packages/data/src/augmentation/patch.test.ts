import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRandom } from '../random/random.ts';
import { augmentPatch, augmentSlice, type PatchSource } from './augment.ts';
import { augmentationPresets, completeAugmentation } from './settings.ts';

const { none } = augmentationPresets;
const bounded = { isBounded: true };

/** Two images of 9 × 11 pixels with two channels, whose values tell image, row, column and channel; the mask is of odd columns. */
const [height, width] = [9, 11];
const value = (image: number, row: number, column: number, channel: number): number =>
  (1000 * image + 100 * row + 2 * column + channel) / 4096;
const source: PatchSource = {
  size: [height, width],
  channels: 2,
  classes: 1,
  images: [0, 1].map((image) =>
    Float32Array.from({ length: height * width * 2 }, (_, at) =>
      value(image, Math.floor(at / 2 / width), Math.floor(at / 2) % width, at % 2),
    ),
  ),
  mask: Uint8Array.from({ length: height * width }, (_, at) => (at % width) % 2),
};

it('copies a patch with the channels of every image in order', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: height }),
      fc.integer({ min: 1, max: width }),
      fc.nat(100),
      fc.nat(100),
      (h, w, down, right) => {
        const corner = [down % (height - h + 1), right % (width - w + 1)] as const;
        const { size, image, channels, mask } = augmentPatch(source, { corner, size: [h, w] }, none, createRandom(1), {
          isBounded: true,
        });
        expect([size, channels]).toEqual([[h, w], 4]);
        image.forEach((found, at) => {
          const pixel = Math.floor(at / 4);
          const [row, column] = [corner[0] + Math.floor(pixel / w), corner[1] + (pixel % w)];
          expect(found).toBeCloseTo(value(Math.floor((at % 4) / 2), row, column, at % 2), 6);
        });
        mask.forEach((found, pixel) => expect(found).toBe((corner[1] + (pixel % w)) % 2));
      },
    ),
  );
});

it('shows, where it is turned and shrunk, the slice beyond the edge of the patch', () => {
  // A plane: interpolation is exact, so that the value tells the place. Far enough from the border, no zero comes in.
  const size = [60, 60] as const;
  const plane = Float32Array.from({ length: 3600 }, (_, at) => (Math.floor(at / 60) + 2 * (at % 60) + 1) / 256);
  const settings = completeAugmentation('none', { rotation: 45, scaling: 0.5, probability: 1 });
  const whole = { size, channels: 1, classes: 1, mask: new Float32Array(3600) };
  // The same changes of the patch alone bring in zeros, unless they enlarge it.
  const alone = {
    ...whole,
    size: [16, 12] as const,
    image: new Float32Array(192).fill(1),
    mask: new Float32Array(192),
  };
  let withZeros = 0;
  for (let seed = 0; seed < 20; seed++) {
    const patch = { corner: [20, 21], size: [16, 12] } as const;
    const { image } = augmentPatch({ ...whole, images: [plane] }, patch, settings, createRandom(seed), bounded);
    expect(image.every((found) => found > 0)).toBe(true);
    // The values of a plane at places that lie symmetrically around the centre (27.5, 26.5) add up to twice the centre's.
    const center = (27.5 + 2 * 26.5 + 1) / 256;
    image.forEach((found, at) => expect(found + image[image.length - 1 - at]!).toBeCloseTo(2 * center, 5));
    const cut = augmentSlice(alone, settings, createRandom(seed), bounded);
    if (cut.image.includes(0)) withZeros++;
  }
  expect(withZeros).toBeGreaterThan(10);
});
