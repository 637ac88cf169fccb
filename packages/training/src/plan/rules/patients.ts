import { recipe } from '../recipe.ts';
import { rule } from '../rule.ts';

/** The fewer patients, the stronger the augmentation. */
export const augmentationRule = rule('augmentation', ({ fingerprint: { patients } }) =>
  patients <= recipe.fewPatients
    ? {
        value: recipe.augmentationOfFew,
        reason: `${patients} patients are so few that training would over-fit with less`,
      }
    : {
        value: recipe.augmentation,
        reason: `changed slices stand in for more than ${patients} patients`,
      },
);

/** Thresholds and the smallest objects are chosen where there are enough cases to choose by. */
export const postProcessingRule = rule('postProcessing', ({ parts: { validation } }) => {
  if (validation < recipe.fewestToChoose) return undefined;
  return {
    value: 'validation',
    reason: `${validation} validation cases are enough to choose a threshold and the smallest object by`,
  };
});
