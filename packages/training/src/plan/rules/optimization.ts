import { recipe } from '../recipe.ts';
import { rule } from '../rule.ts';

/** The optimiser does not depend on the data. */
export const optimizerRule = rule('optimizer', () => ({
  value: recipe.optimizer,
  reason: 'chosen by measurement (docs/quality.md)',
}));

/** The learning rate ends at 0, since the plan says how long training takes. */
export const scheduleRule = rule('schedule', () => ({
  value: recipe.schedule,
  reason: 'the length of training is planned, so that the learning rate can fall until its end',
}));

/** The first steps are small: the moments of the optimiser are still unknown. Few epochs have a shorter warm-up. */
export const warmUpEpochsRule = rule('warmUpEpochs', (_, { configuration: { epochs } }) => ({
  value: Math.min(recipe.warmUpEpochs, epochs / 10),
  reason: 'the moments of the optimiser are still unknown in the first steps',
}));
