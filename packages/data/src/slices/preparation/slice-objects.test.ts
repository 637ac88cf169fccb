import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../random/random.ts';
import { drawObjectPixel, findObjects, type SliceObjects } from './slice-objects.ts';

/** The masks of slices drawn as rows of characters: `#` is in class 0, `o` in class 1, `8` in both. */
function masksOf(...slices: string[][]) {
  const [height, width] = [slices[0]!.length, slices[0]![0]!.length];
  const masks = Uint8Array.from(
    slices.flat().flatMap((row) => [...row].flatMap((mark) => [+'#8'.includes(mark), +'o8'.includes(mark)])),
  );
  return { masks, shape: { slices: slices.length, size: [height, width] as const, classes: 2 } };
}

/** Which pixels come out, and how often. */
function draws(objects: SliceObjects, slice: number, count: number): Map<number, number> {
  const random = createRandom(1);
  const found = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    const pixel = drawObjectPixel(objects, slice, random)!;
    found.set(pixel, (found.get(pixel) ?? 0) + 1);
  }
  return found;
}

/** Objects by flooding, one pixel at a time. */
function flooded(marked: boolean[], [height, width]: readonly [number, number]): string[] {
  const seen = new Set<number>();
  const found: string[] = [];
  marked.forEach((isMarked, start) => {
    if (!isMarked || seen.has(start)) return;
    const object = [start];
    seen.add(start);
    for (const pixel of object) {
      for (const [down, right] of [-1, 0, 1].flatMap((a) => [-1, 0, 1].map((b) => [a, b] as const))) {
        const [row, column] = [Math.floor(pixel / width) + down, (pixel % width) + right];
        const next = row * width + column;
        if (row < 0 || column < 0 || row >= height || column >= width || !marked[next] || seen.has(next)) continue;
        seen.add(next);
        object.push(next);
      }
    }
    found.push(object.sort((a, b) => a - b).join());
  });
  return found.sort();
}

/** The pixels of every object of a class in a slice. */
function pixelsOf({ firsts, objects, runs }: SliceObjects, slice: number, index: number): string[] {
  const found: string[] = [];
  for (let object = firsts[slice]!; object < firsts[slice + 1]!; object++) {
    if (objects[3 * object] !== index) continue;
    const last = objects[3 * object + 4] ?? runs.length / 2;
    const pixels: number[] = [];
    for (let run = objects[3 * object + 1]!; run < last; run++) {
      const next = run + 1 < last ? runs[2 * run + 3]! : objects[3 * object + 2]!;
      for (let at = runs[2 * run + 1]!; at < next; at++) pixels.push(runs[2 * run]! + at - runs[2 * run + 1]!);
    }
    found.push(pixels.join());
  }
  return found.sort();
}

describe('findObjects', () => {
  it('finds what flooding finds, in every slice and class', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.nat(), (height, width, seed) => {
        const random = createRandom(seed);
        const density = random.uniform(0.1, 0.9);
        const masks = Uint8Array.from({ length: 3 * height * width * 2 }, () => (random.next() < density ? 1 : 0));
        const size = [height, width] as const;
        const objects = findObjects(masks, { slices: 3, size, classes: 2 });
        for (const slice of [0, 1, 2]) {
          for (const index of [0, 1]) {
            const marked = Array.from({ length: height * width }, (_, pixel) => {
              return masks[(slice * height * width + pixel) * 2 + index] === 1;
            });
            expect(pixelsOf(objects, slice, index)).toEqual(flooded(marked, size));
          }
        }
      }),
    );
  });
});

describe('drawObjectPixel', () => {
  it('draws objects alike, however many pixels they have, and the pixels of each alike', () => {
    const { masks, shape } = masksOf(['..........', '..........'], ['#.########', '#.########']);
    const found = draws(findObjects(masks, shape), 1, 18_000);
    const small = found.get(0)! + found.get(10)!;
    expect(small / 18_000).toBeCloseTo(0.5, 1);
    expect(Math.abs(small - 9000)).toBeLessThan(4 * Math.sqrt(18_000 / 4));
    // 16 pixels of the large one.
    expect(found.size).toBe(18);
    for (const [pixel, count] of found) if (pixel % 10 > 1) expect(Math.abs(count - 562.5)).toBeLessThan(4 * 24);
    expect(drawObjectPixel(findObjects(masks, shape), 0, createRandom(1))).toBeUndefined();
  });

  it('draws classes alike, whatever the number of their objects', () => {
    const { masks, shape } = masksOf(['#.#.#.#.o8']);
    const found = draws(findObjects(masks, shape), 0, 10_000);
    // Class 1 is one object of two pixels, class 0 five of one pixel each.
    const expected = new Map([0, 2, 4, 6].map((pixel) => [pixel, 0.1]));
    expected.set(8, 0.25).set(9, 0.25 + 0.1);
    expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [pixel, share] of expected) expect(found.get(pixel)! / 10_000).toBeCloseTo(share, 1.5);
  });
});
