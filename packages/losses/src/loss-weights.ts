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
  /** ω_j, j = 0 (bottleneck) .. 4 (last level of the expanding path). `undefined`: 1 for each level. */
  omega?: readonly number[];
}

/**
 * The weights used unless told otherwise. The paper gives none. α and γ are 1: both segmentations count alike. λ is 1, which was
 * better than 0.1 and 0.01 on small objects in the study `studies/defaults`; there β from 0.01 to 1 made no difference that could
 * be told from chance, so it is 0.1: the reconstruction must not rule the segmentation, whose loss starts near 1.5.
 */
export const defaultLossWeights: Readonly<LossWeights> = Object.freeze({ alpha: 1, gamma: 1, lambda: 1, beta: 0.1 });
