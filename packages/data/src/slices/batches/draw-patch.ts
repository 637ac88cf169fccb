import type { Random } from '../../random/random.ts';
import type { Patch } from '../../augmentation/patch.ts';
import type { PreparedCase } from '../preparation/prepared-case.ts';
import { drawObjectPixel } from '../preparation/slice-objects.ts';

/** How patches of slices are drawn. */
export interface PatchSettings {
  /** [height, width] of a patch. */
  readonly size: readonly [number, number];
  /** The probability, for a slice with foreground, that a patch is centred on an object, from 0 to 1. */
  readonly foreground: number;
}

/**
 * Draws a patch of a slice: around a pixel of an object (see {@link drawObjectPixel}), moved as far as it takes to lie in
 * the slice, or anywhere in the slice.
 *
 * @param prepared no smaller than the patch
 */
export function drawPatch(
  { size, objects }: Pick<PreparedCase, 'size' | 'objects'>,
  slice: number,
  { size: wanted, foreground }: PatchSettings,
  random: Random,
): Patch {
  const source = random.fork('patch');
  const isCentered = source.next() < foreground;
  const pixel = isCentered && objects ? drawObjectPixel(objects, slice, source) : undefined;
  const begin = (axis: 0 | 1): number => {
    const room = size[axis] - wanted[axis];
    if (pixel === undefined) return source.integer(room + 1);
    const place = axis === 0 ? Math.floor(pixel / size[1]) : pixel % size[1];
    return Math.min(room, Math.max(0, place - Math.floor(wanted[axis] / 2)));
  };
  return { corner: [begin(0), begin(1)], size: wanted };
}
