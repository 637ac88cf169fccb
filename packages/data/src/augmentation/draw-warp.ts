import type { Random } from '../random/random.ts';
import { elasticField } from './elastic-field.ts';
import { probabilityOf, type Augmentation } from './settings.ts';
import type { Warp } from './warp.ts';

/**
 * Draws the geometric change of a slice: flipped, rotated, scaled around its centre and deformed, all in one warp, so
 * that the image is interpolated once. Every change has its own source of random numbers, so that changing one strength
 * does not change what is drawn for the others.
 *
 * @param size the height and width of the result
 * @param pixel the height and width of a pixel, in any one unit: rotation happens in space, not in pixels
 * @param corner the row and column of the slice where the result begins, which is a patch of the slice if it is smaller: it
 * turns and scales around its own centre, and gets from the slice what it then shows beyond its own edge
 * @returns `undefined` if the slice stays as it is
 */
export function drawWarp(
  augmentation: Augmentation,
  random: Random,
  [height, width]: readonly [number, number],
  pixel: readonly [number, number] = [1, 1],
  corner: readonly [number, number] = [0, 0],
): Warp | undefined {
  const isMirrored = random.fork('flip-horizontal').next() < augmentation.flipHorizontal;
  const isReversed = random.fork('flip-vertical').next() < augmentation.flipVertical;
  const { rotation, scaling, elastic } = augmentation;
  const angle =
    (drawn(random.fork('rotation'), probabilityOf(augmentation, 'rotation'), -rotation, rotation) * Math.PI) / 180;
  const limit = Math.log1p(scaling);
  const factor = Math.exp(drawn(random.fork('scaling'), probabilityOf(augmentation, 'scaling'), -limit, limit));
  const bending = random.fork('elastic');
  const isBent = elastic > 0 && bending.next() < probabilityOf(augmentation, 'elastic');
  if (!isMirrored && !isReversed && angle === 0 && factor === 1 && !isBent) return undefined;

  const down = isBent ? elasticField(bending.fork('rows'), elastic, [height, width]) : undefined;
  const right = isBent ? elasticField(bending.fork('columns'), elastic, [height, width]) : undefined;
  const middleRow = (height - 1) / 2;
  const middleColumn = (width - 1) / 2;
  const aspect = pixel[0] / pixel[1];
  // From a position in the result to that in the slice: the inverse of flip × rotation × scaling.
  const [cosine, sine] = [Math.cos(angle) / factor, Math.sin(angle) / factor];
  const [signRow, signColumn] = [isReversed ? -1 : 1, isMirrored ? -1 : 1];
  const [centerRow, centerColumn] = [corner[0] + middleRow, corner[1] + middleColumn];
  const rows = new Float64Array(height * width);
  const columns = new Float64Array(height * width);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = row * width + column;
      let y = row - middleRow;
      let x = column - middleColumn;
      if (down && right) {
        y += down[at]! * height;
        x += right[at]! * width;
      }
      rows[at] = centerRow + signRow * (cosine * y - (sine * x) / aspect);
      columns[at] = centerColumn + signColumn * (cosine * x + sine * y * aspect);
    }
  }
  return { rows, columns };
}

/** A uniform number in [low, high), or 0 if the change is not made. */
export function drawn(random: Random, probability: number, low: number, high: number): number {
  const isMade = random.next() < probability;
  const value = random.uniform(low, high);
  return isMade ? value : 0;
}
