import { isRare } from '../rare.ts';
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

/** Where foreground is rare each slice needs a Dice of its own; elsewhere that of the batch is steadier. */
export const diceOverRule = rule('diceOver', ({ fingerprint }) =>
  isRare(fingerprint)
    ? { value: 'sample', reason: 'each slice counts alike, however small its objects' }
    : { value: recipe.diceOver, reason: 'the Dice of a batch is steadier than that of a slice, which may be empty' },
);

/** Thresholds and the smallest objects are chosen where there are enough cases to choose by. */
export const postProcessingRule = rule('postProcessing', ({ parts: { validation } }) => {
  if (validation < recipe.fewestToChoose) return undefined;
  return {
    value: 'validation',
    reason: `${validation} validation cases are enough to choose a threshold and the smallest object by`,
  };
});
