import { chooseCases } from '../../slice-pictures/choose.ts';

/** What decides whether a test case is shown. */
export interface Candidate {
  id: string;
  /** Volume of its smallest object in mm³; `undefined` without any object. */
  smallest?: number;
  /** Dice of the baseline. */
  dice: number;
}

/**
 * Chooses the cases of the figure: half of the places for those with the smallest objects, the others evenly from the worst
 * to the best of the baseline. Those with the smallest objects come first. Cases without objects show nothing.
 */
export function chooseRows(candidates: readonly Candidate[], count: number): Candidate[] {
  const filled = candidates.filter(({ smallest }) => smallest !== undefined);
  const bySize = [...filled].sort((a, b) => (a.smallest as number) - (b.smallest as number));
  const small = bySize.slice(0, Math.ceil(count / 2));
  const others = bySize.slice(small.length);
  const spread = chooseCases(others, ({ dice }) => dice, count - small.length);
  return [...small, ...spread.sort((a, b) => a.dice - b.dice)];
}
