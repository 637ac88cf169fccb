import type { PreparedCase } from '@interseg/data';

/** Picks `count` elements of a list, evenly spaced and in order; all of them if there are no more. */
export function evenly<T>(list: readonly T[], count: number): T[] {
  if (list.length <= count) return [...list];
  return Array.from({ length: count }, (_, index) => list[Math.floor(((index + 0.5) * list.length) / count)] as T);
}

/** Divides `total` slices among cases as equally as possible. */
export function slicesPerCase(total: number, cases: number): number[] {
  return Array.from({ length: cases }, (_, index) => {
    return Math.floor(((index + 1) * total) / cases) - Math.floor((index * total) / cases);
  });
}

/** Chooses training slices of a case, evenly among those with foreground or, if it has none, among the others. */
export function chooseSlices({ kinds }: Pick<PreparedCase, 'kinds'>, count: number): number[] {
  const of = (wanted: string): number[] => [...kinds.keys()].filter((slice) => kinds[slice] === wanted);
  const foreground = of('foreground');
  return evenly(foreground.length > 0 ? foreground : of('background'), count);
}
