import { chooseCases } from '../../slice-pictures/choose.ts';

/** What decides whether the figure shows a test case. */
export interface Candidate {
  id: string;
  /** Volume of its smallest object in mm³; `undefined` if it has none. */
  smallest?: number;
  /** Dice of the baseline. */
  dice: number;
}

/**
 * Chooses the cases of the figure: first those with the smallest objects, for half of the rows, then others spread evenly
 * from the baseline's worst to its best. Cases without objects are left out.
 */
export function chooseRows(candidates: readonly Candidate[], count: number): Candidate[] {
  const filled = candidates.filter(({ smallest }) => smallest !== undefined);
  const bySize = [...filled].sort((a, b) => a.smallest! - b.smallest!);
  const small = bySize.slice(0, Math.ceil(count / 2));
  const others = bySize.slice(small.length);
  const spread = chooseCases(others, ({ dice }) => dice, count - small.length);
  return [...small, ...spread.sort((a, b) => a.dice - b.dice)];
}
