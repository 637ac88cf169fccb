import type { backend_util } from '@tensorflow/tfjs-core';

/**
 * Whether the windows of a convolution cover its input without overlap, border or rest: stride and filter are equally
 * large. In its gradient with respect to the input, each pixel then makes a block of its own.
 */
export function isTiling(c: ReturnType<typeof backend_util.computeConv2DInfo>): boolean {
  return (
    c.strideHeight === c.filterHeight &&
    c.strideWidth === c.filterWidth &&
    c.padInfo.top === 0 &&
    c.padInfo.left === 0 &&
    c.inHeight === c.outHeight * c.filterHeight &&
    c.inWidth === c.outWidth * c.filterWidth
  );
}
