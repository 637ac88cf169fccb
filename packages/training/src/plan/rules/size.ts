import { memoryOfSteps, memoryPerPixel } from '../memory.ts';
import { rounded, slicePixels, smallDiameter, usualDiameter, zoom } from '../pixels.ts';
import { recipe } from '../recipe.ts';
import { rule, type Chosen } from '../rule.ts';
import { levelsOfSide, widthsOf } from './levels.ts';

/** The network sees the median slice whole if that is small enough, else a patch of it. */
export const sizeRule = rule('size', ({ fingerprint, memory }, chosen) => {
  const scale = zoom(fingerprint, chosen);
  const [rows, columns] = slicePixels(fingerprint, chosen).median;
  const slice = `${rows} × ${columns}`;
  const diameter = smallDiameter(fingerprint) * scale;
  const isWhole = Math.max(rows, columns) <= recipe.wholeSlice;
  const wanted = isWhole ? Infinity : sideOfPatch(diameter, usualDiameter(fingerprint) * scale);
  const affordable = affordableSide(memory, chosen);
  const side = Math.min(wanted, affordable);
  const value = [rows, columns].map((extent) => fitLevels(Math.min(extent, side), extent <= side, chosen)) as [
    number,
    number,
  ];
  const step = `a multiple of ${2 ** (levels(Math.min(...value), chosen) - 1)} for the levels`;
  if (value[0] >= rows && value[1] >= columns) {
    return { value, reason: `the median slice of ${slice} pixels is shown whole; ${step}` };
  }
  if (affordable < wanted) {
    return {
      value,
      reason: `the largest patch of the median slice of ${slice} pixels for which ${rounded(memory)} GiB are enough`,
    };
  }
  const objects = `nine of ten objects are at least ${rounded(diameter, 2)} pixels across`;
  return { value, reason: `a patch of the median slice of ${slice} pixels, at full resolution: ${objects}` };
});

/** Patches where some slices are larger than the size; otherwise nothing would be cut. */
export const resizingRule = rule('resizing', ({ fingerprint }, chosen) => {
  const { size } = chosen.configuration;
  const { largest } = slicePixels(fingerprint, chosen);
  if (largest.every((side, axis) => side <= size[axis]!)) return undefined;
  return {
    value: 'patch',
    reason: `slices have up to ${largest.join(' × ')} pixels, and shrinking them would erase detail`,
  };
});

function levels(side: number, { configuration, isGiven }: Chosen): number {
  return isGiven('filters') ? configuration.filters.length : levelsOfSide(side);
}

/**
 * The smaller the objects, the more of a large patch teaches nothing, and the fewer steps there are in the same time.
 *
 * @param small the diameter that nine of ten objects have, in pixels
 * @param usual the median one, of the class with the largest objects
 */
function sideOfPatch(small: number, usual: number): number {
  if (usual <= recipe.smallDiameter) return recipe.patchOfSmallObjects;
  return small <= recipe.smallDiameter ? recipe.patchWithSmallObjects : recipe.patch;
}

/** The side that the levels can halve: enlarged where it is that of a whole slice, else reduced. */
function fitLevels(side: number, isWhole: boolean, chosen: Chosen): number {
  const step = 2 ** (levels(side, chosen) - 1);
  const fitted = (isWhole ? Math.ceil(side / step) : Math.floor(side / step)) * step;
  return Math.max(fitted, step * 2);
}

/** The side of the largest square patch of which a batch fits into the memory, with the widths of large patches. */
function affordableSide(memory: number, { configuration, isGiven }: Chosen): number {
  const { variant, unlabelled, unlabelledRatio } = configuration;
  const filters = isGiven('filters') ? configuration.filters : widthsOf(recipe.mostLevels);
  const batch = isGiven('batch') ? configuration.batch : recipe.fewestPerBatch;
  return Math.sqrt(memoryOfSteps(memory) / (batch * memoryPerPixel({ variant, filters, unlabelled, unlabelledRatio })));
}
