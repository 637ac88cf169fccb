import { defaultLossWeights } from '@interseg/losses';

/**
 * λ in an epoch, counted from 1, when it warms up: 0 in the first epoch, then more by equal steps, and the whole λ after
 * `epochs` of them. The paper has no warm-up; it lets the mask path learn features before they are matched (eq. 3).
 *
 * @param lambda the whole λ, ≥ 0; that of `@interseg/losses` without it
 */
export function warmedLambda(epoch: number, epochs: number, lambda: number = defaultLossWeights.lambda): number {
  return lambda * Math.min(1, (epoch - 1) / epochs);
}
