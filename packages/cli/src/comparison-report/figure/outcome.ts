import { palette, type Color } from '../../drawing/colors.ts';

/** What a pixel of a prediction is, compared with the ground truth. */
export const outcomes = ['true positive', 'false positive', 'false negative', 'wrong class'] as const;

/** The colour of each outcome. */
export const outcomeColors: readonly Color[] = [palette.blue, palette.amber, palette.magenta, palette.green];

/**
 * Compares a slice with the ground truth, pixel by pixel.
 *
 * @param truth 0 for background, otherwise a number for each class or combination of overlapping classes
 * @returns for each pixel its index in {@link outcomes} plus 1; 0 where both are background
 */
export function classifyPixels(truth: ArrayLike<number>, predicted: ArrayLike<number>): Uint8Array {
  return Uint8Array.from({ length: truth.length }, (_, at) => classifyPixel(truth[at]!, predicted[at]!));
}

function classifyPixel(truth: number, predicted: number): number {
  if (truth === 0) return predicted === 0 ? 0 : 2;
  if (predicted === truth) return 1;
  return predicted === 0 ? 3 : 4;
}
