import type { Random } from '../../random/random.ts';
import type { SliceKind } from '../preparation/prepared-case.ts';

/** Slices of one case, by index. */
export interface CaseSlices {
  readonly id: string;
  readonly slices: readonly number[];
}

/**
 * Chooses the slices for training: all those with foreground, none whose image is constant, and a random selection of the
 * others, whose number is `proportion` times that of slices with foreground (of all cases together, rounded).
 */
export function trainingSlices(
  kinds: ReadonlyMap<string, readonly SliceKind[]>,
  proportion: number,
  random: Random,
): CaseSlices[] {
  const candidates: { id: string; slice: number; rank: number }[] = [];
  let foreground = 0;
  for (const [id, list] of kinds) {
    // A fork for each id, so that the ranks of a case do not depend on other cases.
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
