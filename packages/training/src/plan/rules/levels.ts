import { recipe } from '../recipe.ts';

/** How many levels a network has for slices whose shorter side has so many pixels: as many as leave some in the coarsest. */
export function levelsOfSide(side: number): number {
  const halvings = Math.floor(Math.log2(side / recipe.coarsestSide));
  return Math.min(Math.max(halvings + 1, recipe.fewestLevels), recipe.mostLevels);
}

/** The channels of so many levels, the finest first: each has twice as many as the one before, up to a limit. */
export function widthsOf(levels: number): number[] {
  return Array.from({ length: levels }, (_, level) => Math.min(recipe.firstFilters * 2 ** level, recipe.mostFilters));
}
