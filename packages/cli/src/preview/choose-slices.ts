import type { PreparedCase } from '@interseg/data';

/** `count` of a list's elements, evenly spaced and in order; all when there are not more. */
export function evenly<T>(list: readonly T[], count: number): T[] {
  if (list.length <= count) return [...list];
  return Array.from({ length: count }, (_, index) => list[Math.floor(((index + 0.5) * list.length) / count)] as T);
}

/** How many slices each of the cases shows: `total` together, as equal as can be. */
export function slicesPerCase(total: number, cases: number): number[] {
  return Array.from({ length: cases }, (_, index) => {
    return Math.floor(((index + 1) * total) / cases) - Math.floor((index * total) / cases);
  });
}

/** Slices that are trained on, evenly over those with foreground; those without where a case has none with. */
export function chooseSlices({ kinds }: Pick<PreparedCase, 'kinds'>, count: number): number[] {
  const of = (wanted: string): number[] => [...kinds.keys()].filter((slice) => kinds[slice] === wanted);
  const foreground = of('foreground');
  return evenly(foreground.length > 0 ? foreground : of('background'), count);
}
