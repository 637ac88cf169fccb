import { rounded } from '../pixels.ts';
import { isRare, largestShare } from '../rare.ts';
import { recipe } from '../recipe.ts';
import { rule } from '../rule.ts';
import { levelsOfSide, widthsOf } from './levels.ts';

/** The variant does not depend on the data. */
export const variantRule = rule('variant', () => ({
  value: recipe.variant,
  reason: 'no mechanism beat a well-trained unet, and no step is cheaper (docs/which-variant.md)',
}));

/** What convolutions are computed in does not depend on the data. */
export const precisionRule = rule('precision', () => ({
  value: recipe.precision,
  reason: 'bf16 is faster where the processor has it; what was measured is in docs/quality.md',
}));

/** As many levels as leave the coarsest some pixels, and widths that double. */
export const filtersRule = rule('filters', (_, { configuration: { size, omega } }) => {
  if (omega) {
    return { value: widthsOf(omega.length), reason: `omega has a weight for each of ${omega.length} levels` };
  }
  const side = Math.min(...size);
  let levels = levelsOfSide(side);
  // A size that was given may allow fewer.
  while (levels > 2 && size.some((extent) => extent % 2 ** (levels - 1) !== 0)) levels--;
  return {
    value: widthsOf(levels),
    reason: `${levels} levels, so that the coarsest still has ${side / 2 ** (levels - 1)} pixels along the shorter side`,
  };
});

/** Whether lower levels of the decoder are trained on masks of their own does not depend on the data; three levels have one. */
export const deepSupervisionRule = rule('deepSupervision', (_, { configuration: { filters } }) => {
  if (filters.length < 3) return undefined;
  return {
    value: recipe.deepSupervision,
    reason: 'lower levels learn from masks of their own, and nothing of it remains in the model',
  };
});

/** A softmax where no voxel has two classes. */
export const outputActivationRule = rule('outputActivation', ({ fingerprint: { overlapping, classes } }) => {
  if (overlapping || classes.length < 2) return undefined;
  return { value: 'softmax', reason: `a voxel has at most one of the ${classes.length} classes` };
});

/** A low probability to start from where all classes are rare; where they are not it delays what is learned. */
export const initialProbabilityRule = rule('initialProbability', ({ fingerprint }) => {
  if (!isRare(fingerprint)) return undefined;
  return {
    value: recipe.rareProbability,
    reason: `${rounded(100 * largestShare(fingerprint), 2)} % of the voxels are foreground, which is learned sooner from a low probability`,
  };
});
