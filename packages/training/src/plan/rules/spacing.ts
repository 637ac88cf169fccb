import { rounded, smallDiameter } from '../pixels.ts';
import { recipe } from '../recipe.ts';
import { rule } from '../rule.ts';

/**
 * Slices get the median spacing, so that objects have one size for the network. Where slices are too large to be shown whole
 * and objects have pixels to spare, they get a coarser one.
 */
export const spacingRule = rule('spacing', ({ fingerprint }) => {
  const { smallest, median, largest } = fingerprint.spacing.pixels;
  const side = Math.max(fingerprint.size.rows.median, fingerprint.size.columns.median);
  const diameter = smallDiameter(fingerprint);
  const factor = Math.min(side / recipe.wholeSlice, diameter / recipe.comfortableDiameter);
  if (factor > 1 + recipe.equalSpacing) {
    // Never below what it takes to see the slice whole.
    const value = roundedUp(median * factor);
    return {
      value,
      reason: `slices of ${side} pixels are large, and at ${value} mm instead of ${rounded(median)} mm nine of ten objects are still at least ${rounded(diameter / factor, 2)} pixels across`,
    };
  }
  if (largest - smallest <= recipe.equalSpacing * median) return undefined;
  return {
    value: rounded(median),
    reason: `the median; the files have ${rounded(smallest)} to ${rounded(largest)} mm, and objects should have one size for the network`,
  };
});

/** The number with three digits that is not below. */
function roundedUp(value: number): number {
  const near = rounded(value);
  const digit = 10 ** (Math.floor(Math.log10(value)) - 2);
  return near >= value * (1 - 1e-9) ? near : rounded(near + digit);
}
