import { rounded } from '../pixels.ts';
import { isRare } from '../rare.ts';
import { recipe } from '../recipe.ts';
import { rule } from '../rule.ts';
import { stepsPerEpoch } from './duration.ts';

/**
 * Where whole slices have little foreground each needs a Dice of its own; elsewhere that of the batch is steadier. Patches on
 * objects have enough, and with a Dice of its own each empty one would teach to predict nothing.
 */
export const diceOverRule = rule('diceOver', ({ fingerprint }, { configuration: { resizing } }) =>
  isRare(fingerprint) && resizing !== 'patch'
    ? { value: 'sample', reason: 'each slice counts alike, however small its objects' }
    : { value: recipe.diceOver, reason: 'the Dice of a batch is steadier than that of a slice, which may be empty' },
);

/** The optimiser does not depend on the data. */
export const optimizerRule = rule('optimizer', () => ({
  value: recipe.optimizer,
  reason: 'a first choice; what was measured is in docs/quality.md',
}));

/** A batch with large gradients, as of many empty slices, would undo what was learned. */
export const clipNormRule = rule('clipNorm', () => ({
  value: recipe.clipNorm,
  reason: 'single batches with large gradients would undo what was learned',
}));

/** The learning rate ends at 0, since the plan says how long training takes; steps that were asked for stay. */
export const scheduleRule = rule('schedule', (_, { isGiven }) => {
  if (isGiven('decayEvery') || isGiven('learningRateDecay')) return undefined;
  return {
    value: recipe.schedule,
    reason: 'the length of training is planned, so that the learning rate can fall until its end',
  };
});

/** The first steps are small: the moments of the optimiser are still unknown. Few epochs have a shorter warm-up. */
export const warmUpEpochsRule = rule('warmUpEpochs', (_, { configuration: { epochs } }) => ({
  value: Math.min(recipe.warmUpEpochs, epochs / 10),
  reason: 'the moments of the optimiser are still unknown in the first steps',
}));

/** The average looks back over a share of the steps, so that it has forgotten the beginning by the end. */
export const averageWeightsRule = rule('averageWeights', (facts, { configuration }) => {
  const steps = stepsPerEpoch(facts, configuration) * configuration.epochs;
  const value = rounded(Math.min(1 - 1 / Math.max(steps * recipe.averagedShare, 1), recipe.mostAveraged), 4);
  if (value <= 0) return undefined;
  return {
    value,
    reason: `the average of the last steps errs less than the last one; it looks back over about ${rounded(1 / (1 - value), 2)} of ${steps} steps`,
  };
});

/** Few validation cases say little about a single epoch. */
export const scoreSmoothingRule = rule('scoreSmoothing', ({ parts }) => {
  if (parts.validation === 0) return undefined;
  return {
    value: recipe.scoreSmoothing,
    reason: `the validation score is noisy (cases: ${parts.validation}), and its highest value often luck`,
  };
});
