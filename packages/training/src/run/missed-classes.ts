import type { TrainingState } from '../loop/training-state.ts';

/**
 * Describes classes that a model never predicts. After few steps or with a low learning rate, a class can stand out from the
 * rest and still have probabilities below 0.5 everywhere, which looks as if it had not been learned at all.
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
  const found = missed.map(({ channel, highest }) => `${classes[channel]?.name} (at most ${highest.toFixed(2)})`);
  return `the probability of ${found.join(', ')} never reaches 0.5 in the validation cases, so no voxel is predicted: train for more epochs or with a higher learning rate.`;
}
