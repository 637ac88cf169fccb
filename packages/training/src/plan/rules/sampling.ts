import { rounded, slicePixels } from '../pixels.ts';
import { recipe } from '../recipe.ts';
import { rule } from '../rule.ts';

/** Empty slices teach a network where nothing is, as far as there are any. */
export const backgroundSlicesRule = rule('backgroundSlices', ({ fingerprint: { slices } }) => {
  const empty = slices.total - slices.foreground;
  const value = Math.min(recipe.backgroundSlices, rounded(empty / slices.foreground, 2));
  const share = Math.round((100 * slices.foreground) / slices.total);
  return {
    value,
    reason: `${share} % of the slices have foreground; without empty ones nothing would punish false objects`,
  };
});

/** Patches look at objects as often as at anything else. */
export const patchForegroundRule = rule('patchForeground', (_, { configuration }) => {
  if (configuration.resizing !== 'patch') return undefined;
  return {
    value: recipe.patchForeground,
    reason: 'so many patches are centred on an object, each object alike however small; the others may lie anywhere',
  };
});

/** So many patches that an epoch shows about as many pixels as the slices have, within limits. */
export const patchesPerSliceRule = rule('patchesPerSlice', ({ fingerprint }, chosen) => {
  const { resizing, size } = chosen.configuration;
  if (resizing !== 'patch') return undefined;
  const [rows, columns] = slicePixels(fingerprint, chosen).median;
  const patches = (rows * columns) / (size[0] * size[1]);
  const value = Math.min(Math.max(Math.round(patches), 1), recipe.mostPatchesPerSlice);
  return { value, reason: `the median slice has ${rounded(patches, 2)} times as many pixels as a patch` };
});
