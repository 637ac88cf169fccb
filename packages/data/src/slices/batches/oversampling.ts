import type { Random } from '../../random/random.ts';
import type { SliceKind } from '../preparation/prepared-case.ts';
import type { CaseSlices } from './training-slices.ts';

/**
 * The number of slices in an epoch in which slices with foreground occur `factor` times on average, and each of these and of
 * the others `patches` times.
 */
export function repeatedLength(
  cases: readonly CaseSlices[],
  kinds: ReadonlyMap<string, readonly SliceKind[]>,
  factor: number,
  patches: number,
): number {
  const all = cases.reduce((sum, { slices }) => sum + slices.length, 0);
  return patches * (all + Math.round((factor - 1) * listForeground(cases, kinds).length));
}

/**
 * Repeats slices with foreground, so that each occurs `factor` times on average: each as often as the integer part says,
 * and once more for a random selection. Then repeats all that there is `patches` times. Repetitions are next to each other.
 *
 * @param factor 1 or more
 * @param patches a whole number, 1 or more
 */
export function repeatForeground(
  cases: readonly CaseSlices[],
  kinds: ReadonlyMap<string, readonly SliceKind[]>,
  { factor, patches }: { factor: number; patches: number },
  random: Random,
): CaseSlices[] {
  const foreground = random.shuffle(listForeground(cases, kinds));
  const extra = Math.round((factor - 1) * foreground.length);
  const repeats = new Map<string, number>();
  for (let index = 0; index < extra; index++) {
    const name = foreground[index % foreground.length]!;
    repeats.set(name, (repeats.get(name) ?? 0) + 1);
  }
  return cases.map(({ id, slices }) => ({
    id,
    slices: slices.flatMap((slice) => {
      return new Array<number>(patches * (1 + (repeats.get(sliceKey(id, slice)) ?? 0))).fill(slice);
    }),
  }));
}

function listForeground(cases: readonly CaseSlices[], kinds: ReadonlyMap<string, readonly SliceKind[]>): string[] {
  return cases.flatMap(({ id, slices }) =>
    slices.filter((slice) => kinds.get(id)?.[slice] === 'foreground').map((slice) => sliceKey(id, slice)),
  );
}

function sliceKey(id: string, slice: number): string {
  return `${slice} ${id}`;
}
