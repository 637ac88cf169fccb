/** The weights of equations 4 and 6 of Yuan et al., arXiv 2012.03673; each finite and at least 0. */
export interface LossWeights {
  /** α, of L_image (equation 1). */
  alpha: number;
  /** γ, of L_mask (equation 2). */
  gamma: number;
  /** λ, of the intermediate loss (equation 3, summed over the levels). */
  lambda: number;
  /** β, of the reconstruction loss (equation 5). */
  beta: number;
  /** ω_j, j = 0 (bottleneck) .. 4 (last level of the expanding path). Defaults to 1 for each level. */
  omega?: readonly number[];
}

/**
 * The default weights; the paper names none. α and γ are 1: both segmentations count alike. λ is 0.1: in
 * `studies/defaults`, 0.1 and 1 were the best of 0.01, 0.1 and 1, and 1 takes far more epochs. β from 0.01 to 1 made no
 * significant difference there, so it is 0.1, too: the reconstruction must not dominate the segmentation.
 */
export const defaultLossWeights: Readonly<LossWeights> = Object.freeze({ alpha: 1, gamma: 1, lambda: 0.1, beta: 0.1 });
