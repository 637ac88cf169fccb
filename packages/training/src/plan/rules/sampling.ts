import { rounded } from '../pixels.ts';
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
