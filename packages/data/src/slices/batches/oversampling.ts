import type { Random } from '../../random/random.ts';
import type { SliceKind } from '../preparation/prepared-case.ts';
import type { CaseSlices } from './training-slices.ts';

/** How many slices an epoch has when those with foreground are shown `factor` times. */
export function repeatedLength(
  cases: readonly CaseSlices[],
  kinds: ReadonlyMap<string, readonly SliceKind[]>,
  factor: number,
): number {
  const all = cases.reduce((sum, { slices }) => sum + slices.length, 0);
  return all + Math.round((factor - 1) * listForeground(cases, kinds).length);
}

/**
 * Repeats slices with foreground, each `factor` times on average: the whole part of it for each, and what is left for some that
 * are drawn. Repetitions stand beside the slice.
 *
 * @param factor 1 or more
 */
export function repeatForeground(
  cases: readonly CaseSlices[],
  kinds: ReadonlyMap<string, readonly SliceKind[]>,
  factor: number,
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
    slices: slices.flatMap((slice) => new Array<number>(1 + (repeats.get(sliceKey(id, slice)) ?? 0)).fill(slice)),
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
