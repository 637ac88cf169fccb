import { createRandom } from '../../random/random.ts';
import type { CaseSlices } from './training-slices.ts';

/** One slice of one case. */
export interface SliceReference {
  readonly id: string;
  readonly slice: number;
  /** Counts the occurrences of the slice in the epoch, from 0. */
  readonly appearance: number;
}

/** Cases that are in memory together, with the order of their slices. */
export interface EpochGroup {
  readonly ids: readonly string[];
  readonly order: readonly SliceReference[];
}

/**
 * The order of an epoch. Cases are shuffled and divided into groups that fit into the limit; the slices of a group are
 * shuffled. If all cases fit, they are one group. Without `shuffle`, cases and slices keep their order. The result
 * depends only on the arguments.
 *
 * @param bytes the bytes of each case
 * @param limit the most bytes of a group
 */
export function epochOrder(
  cases: readonly CaseSlices[],
  bytes: ReadonlyMap<string, number>,
  limit: number,
  { seed, epoch, shuffle }: { seed: number | string; epoch: number; shuffle: boolean },
): EpochGroup[] {
  const random = createRandom(seed).fork(`epoch ${epoch}`);
  const ordered = cases.filter(({ slices }) => slices.length > 0);
  if (shuffle) random.fork('cases').shuffle(ordered);
  const groups: CaseSlices[][] = [];
  let room = 0;
  for (const item of ordered) {
    const size = bytes.get(item.id) ?? 0;
    if (groups.length === 0 || size > room) {
      groups.push([]);
      room = limit;
    }
    groups.at(-1)!.push(item);
    room -= size;
  }
  return groups.map((group, index) => {
    const order = group.flatMap(({ id, slices }) =>
      slices.map((slice, at) => ({ id, slice, appearance: countRepetitionsBefore(slices, at) })),
    );
    if (shuffle) random.fork(`slices ${index}`).shuffle(order);
    return { ids: group.map(({ id }) => id), order };
  });
}

/** How often the slice occurs right before this position; repetitions are next to each other. */
function countRepetitionsBefore(slices: readonly number[], at: number): number {
  let before = 0;
  while (before < at && slices[at - before - 1] === slices[at]) before++;
  return before;
}
