import type { TrainingState } from '../loop/training-state.ts';

/**
 * What to tell of a model that never predicts a class: with a low learning rate or few steps a class can be told from the rest and
 * still have probabilities below 0.5 everywhere, which looks as if it had not been learned at all.
 *
 * @param classes names of the classes, by channel
 * @returns one sentence; `undefined` when the best epoch predicts every class that validation cases contain
 */
export function missedClasses(
  { history, best }: Pick<TrainingState, 'history' | 'best'>,
  classes: readonly { name: string }[],
): string | undefined {
  const { missed } = history.find(({ epoch }) => epoch === best?.epoch) ?? {};
  if (!missed?.length) return undefined;
  const found = missed.map(({ channel, highest }) => `${classes[channel]?.name} (${highest.toFixed(2)} at most)`);
  return `the probability of ${found.join(', ')} comes to 0.5 nowhere in the validation cases, so it is never predicted: train for more epochs or with a larger learning rate.`;
}
