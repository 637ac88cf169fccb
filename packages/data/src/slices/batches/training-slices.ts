import type { Random } from '../../random/random.ts';
import type { SliceKind } from '../preparation/prepared-case.ts';

/** The slices of one case, by number. */
export interface CaseSlices {
  readonly id: string;
  readonly slices: readonly number[];
}

/**
 * Which slices are trained on: never those whose image is constant, always those with foreground, and of the others as
 * many as `proportion` times the number of slices with foreground (in all cases together, rounded), drawn without regard
 * to the case.
 */
export function trainingSlices(
  kinds: ReadonlyMap<string, readonly SliceKind[]>,
  proportion: number,
  random: Random,
): CaseSlices[] {
  const candidates: { id: string; slice: number; rank: number }[] = [];
  let foreground = 0;
  for (const [id, list] of kinds) {
    // A fork by id, so that another case in the list does not change this one's ranks.
    const ranks = random.fork(id);
    list.forEach((kind, slice) => {
      if (kind === 'foreground') foreground++;
      if (kind === 'background') candidates.push({ id, slice, rank: ranks.next() });
    });
  }
  candidates.sort((a, b) => a.rank - b.rank);
  const chosen = new Map<string, Set<number>>();
  for (const { id, slice } of candidates.slice(0, Math.round(proportion * foreground))) {
    chosen.set(id, (chosen.get(id) ?? new Set()).add(slice));
  }
  return [...kinds].map(([id, list]) => ({
    id,
    slices: [...list.keys()].filter((slice) => list[slice] === 'foreground' || chosen.get(id)?.has(slice)),
  }));
}
