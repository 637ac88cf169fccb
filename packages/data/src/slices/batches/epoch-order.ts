import { createRandom } from '../../random/random.ts';
import type { CaseSlices } from './training-slices.ts';

/** One slice of one case. */
export interface SliceReference {
  readonly id: string;
  readonly slice: number;
  /** Which of its appearances in the epoch this is, from 0. */
  readonly appearance: number;
}

/** Cases that are in memory together, and the order of their slices. */
export interface EpochGroup {
  readonly ids: readonly string[];
  readonly order: readonly SliceReference[];
}

/**
 * The order of an epoch: cases are shuffled and taken, one after the other, into groups that fit into the limit; within
 * a group the slices of all its cases are shuffled. When all cases fit, that is one group and a shuffle of everything.
 * It depends on nothing but the arguments. Without `shuffle`, cases and slices are in their own order.
 *
 * @param bytes what each case takes in memory
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

/** How often the slice at this place stands before it; repetitions stand beside one another. */
function countRepetitionsBefore(slices: readonly number[], at: number): number {
  let before = 0;
  while (before < at && slices[at - before - 1] === slices[at]) before++;
  return before;
}
