import { rounded } from '../pixels.ts';
import { recipe } from '../recipe.ts';
import { rule, type PlanFacts } from '../rule.ts';

/** Neighbouring slices help where objects go through them; thick slices have little in common with theirs. */
export const contextRule = rule('context', (facts) => {
  const span = medianSpan(facts);
  const value = recipe.contextSpans.filter((fewest) => span >= fewest).length;
  const slices = `the median object is in ${rounded(span, 2)} slices`;
  return { value, reason: value > 0 ? `${slices}, so that neighbours show more of it` : `${slices} alone` };
});

/** Where gaps differ between cases, neighbours are chosen by distance. */
export const contextSpacingRule = rule('contextSpacing', ({ fingerprint }, { configuration: { context } }) => {
  const { smallest, median, largest } = fingerprint.spacing.slices;
  if (context === 0 || largest - smallest <= recipe.equalSpacing * median) return undefined;
  return {
    value: rounded(median),
    reason: `the median; slices lie ${rounded(smallest)} to ${rounded(largest)} mm apart`,
  };
});

/** Of the class whose objects are in the fewest slices. */
function medianSpan({ fingerprint: { classes } }: PlanFacts): number {
  return Math.min(...classes.flatMap(({ span }) => span?.median ?? []));
}
