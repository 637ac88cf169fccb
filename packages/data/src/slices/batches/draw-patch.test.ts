import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { augmentationPresets } from '../../augmentation/settings.ts';
import { createRandom } from '../../random/random.ts';
import { findObjects } from '../preparation/slice-objects.ts';
import { assembleBatch, type SliceStack } from './assemble-batch.ts';
import { drawPatch } from './draw-patch.ts';

const { none } = augmentationPresets;

/** A case of one slice whose image tells the place of each pixel, with a mask of some pixels. */
function caseOf(size: readonly [number, number], marked: readonly number[]): SliceStack {
  const pixels = size[0] * size[1];
  const masks = new Uint8Array(pixels);
  for (const pixel of marked) masks[pixel] = 1;
  const images = Float32Array.from({ length: pixels }, (_, pixel) => pixel);
  const objects = findObjects(masks, { slices: 1, size, classes: 1 });
  return { id: 'a', size, pixel: [1, 1], channels: 1, classes: 1, images, masks, objects };
}

/** A slice and a patch that fits into it, in pixels. */
const sizes = fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 })).chain(([h, w]) =>
  fc.record({
    size: fc.constant([h, w] as const),
    patch: fc.tuple(fc.integer({ min: 1, max: h }), fc.integer({ min: 1, max: w })),
  }),
);

describe('drawPatch', () => {
  it('gives patches that hold the slice at their place, image and mask', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), ({ size, patch }, seed, foreground) => {
        const random = createRandom(seed);
        const marked = Array.from({ length: 3 }, () => random.integer(size[0] * size[1]));
        const prepared = caseOf(size, marked);
        const { images, masks } = assembleBatch([{ prepared, slice: 0, appearance: 0 }], {
          augmentation: none,
          isBounded: false,
          patch: { size: patch, foreground },
          seed,
          epoch: 1,
        });
        expect(images).toHaveLength(patch[0] * patch[1]);
        const corner = images[0]!;
        // In the slice as a whole, so that no row runs over its end.
        expect(Math.floor(corner / size[1]) + patch[0]).toBeLessThanOrEqual(size[0]);
        expect((corner % size[1]) + patch[1]).toBeLessThanOrEqual(size[1]);
        images.forEach((pixel, at) => {
          expect(pixel).toBe(corner + Math.floor(at / patch[1]) * size[1] + (at % patch[1]));
          expect(masks[at]).toBe(marked.includes(pixel) ? 1 : 0);
        });
      }),
    );
  });

  it('gets everywhere, each place as often as any other', () => {
    const prepared = caseOf([7, 9], [30]);
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 6000; seed++) {
      const { corner } = drawPatch(prepared, 0, { size: [5, 6], foreground: 0 }, createRandom(seed));
      counts.set(corner.join(), (counts.get(corner.join()) ?? 0) + 1);
    }
    // 3 × 4 places, which cover every pixel.
    expect(counts.size).toBe(12);
    for (const count of counts.values()) expect(Math.abs(count - 500)).toBeLessThan(4 * Math.sqrt(500));
  });

  it('centres the share that was asked for on objects, each alike, moved into the slice at its edge', () => {
    // An object of 500 pixels, one of 2 in a corner and one of 1 near the lower edge.
    const large = Array.from({ length: 500 }, (_, i) => (10 + Math.floor(i / 25)) * 100 + 10 + (i % 25));
    const prepared = caseOf([60, 100], [...large, 0, 1, 58 * 100 + 70]);
    const settings = { size: [9, 11] as const, foreground: 0.75 };
    let [inLarge, inCorner, atEdge] = [0, 0, 0];
    const draws = 8000;
    for (let seed = 0; seed < draws; seed++) {
      const { corner } = drawPatch(prepared, 0, settings, createRandom(seed));
      const [row, column] = [corner[0] + 4, corner[1] + 5];
      if (row >= 10 && row < 30 && column >= 10 && column < 35) inLarge++;
      if (corner[0] === 0 && corner[1] === 0) inCorner++;
      if (corner[0] === 51 && corner[1] === 65) atEdge++;
    }
    // Elsewhere 0.25 lie anywhere: 500 / (52 · 90) of them around the large object, hardly any at the other two places.
    expect(inCorner / draws).toBeCloseTo(0.25, 1.5);
    expect(atEdge / draws).toBeCloseTo(0.25, 1.5);
    expect(inLarge / draws).toBeCloseTo(0.25 + (0.25 * 500) / (52 * 90), 1.5);
  });

  it('depends on nothing but the source of random numbers', () => {
    const prepared = caseOf([40, 40], [5, 900, 1200]);
    const settings = { size: [8, 8] as const, foreground: 0.5 };
    const places = [1, 2, 3, 4, 5, 6].map((seed) => drawPatch(prepared, 0, settings, createRandom(seed)));
    expect(places).toEqual([1, 2, 3, 4, 5, 6].map((seed) => drawPatch(prepared, 0, settings, createRandom(seed))));
    expect(new Set(places.map(({ corner }) => corner.join())).size).toBeGreaterThan(3);
  });
});
