/**
 * Chooses the most telling slices: for each class the one with its largest area, then the one with the most disagreement, then
 * others spread evenly over the slices with foreground in the reference.
 *
 * @param areas for each class, its area in each slice
 * @param disagreement for each slice
 * @returns indices in ascending order: `count` of them, or fewer if fewer slices have any content
 */
export function chooseSlices(
  areas: readonly (readonly number[])[],
  disagreement: readonly number[],
  count: number,
): number[] {
  const slices = disagreement.map((_, slice) => slice);
  const withReference = slices.filter((slice) => areas.some((area) => (area[slice] ?? 0) > 0));
  // If false objects counted as foreground, those far from all true ones would take every place.
  const filled = withReference.length > 0 ? withReference : slices.filter((slice) => (disagreement[slice] ?? 0) > 0);
  const chosen = new Set<number>();
  const add = (slice: number | undefined): void => {
    if (slice !== undefined && chosen.size < count) chosen.add(slice);
  };
  for (const area of areas) if (Math.max(...area) > 0) add(area.indexOf(Math.max(...area)));
  if (Math.max(0, ...disagreement) > 0) add(disagreement.indexOf(Math.max(...disagreement)));
  while (chosen.size < count && filled.some((slice) => !chosen.has(slice))) add(farthest(filled, chosen));
  return [...chosen].sort((a, b) => a - b);
}

/** The candidate farthest from all chosen slices; the middle one if none is chosen yet. */
function farthest(candidates: readonly number[], chosen: ReadonlySet<number>): number | undefined {
  if (chosen.size === 0) return candidates[Math.floor(candidates.length / 2)];
  const distance = (slice: number): number => Math.min(...[...chosen].map((other) => Math.abs(other - slice)));
  return candidates.reduce((best, slice) => (distance(slice) > distance(best) ? slice : best));
}

/** Chooses `count` cases, evenly by rank, from the worst to the best; all cases if there are no more. */
export function chooseCases<T>(cases: readonly T[], score: (one: T) => number, count: number): T[] {
  if (cases.length <= count) return [...cases];
  const ranked = [...cases].sort((a, b) => score(a) - score(b));
  const ranks = Array.from({ length: count }, (_, index) => Math.round((index * (ranked.length - 1)) / (count - 1)));
  const chosen = new Set(ranks.map((rank) => ranked[rank]));
  return cases.filter((one) => chosen.has(one));
}
