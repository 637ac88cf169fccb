import { findVariant } from '@interseg/models';
import type { ComparisonFile } from '@interseg/training';
import { pValue } from '../terminal/spread.ts';

/** What the tests allow to say, in a sentence or two. */
export function verdict({ tests, variants }: Pick<ComparisonFile, 'tests' | 'variants'>): string {
  const { comparisons, level, canConclude, baseline } = tests;
  const title = findVariant(baseline).title;
  if (comparisons.length === 0) return `There is nothing to compare ${title} with.`;
  const most = Math.max(...comparisons.map(({ n }) => n));
  if (!canConclude) {
    const smallest = Math.min(1, comparisons.length * Math.min(...comparisons.map(({ smallestP }) => smallestP)));
    return `Nothing can be concluded: with ${most} test ${most === 1 ? 'patient' : 'patients'} and ${variants.length - 1} ${variants.length === 2 ? 'comparison' : 'comparisons'} no p below ${pValue(smallest)} is possible, whatever the results.`;
  }
  const significant = comparisons.filter(({ adjustedP }) => adjustedP <= level);
  if (significant.length === 0) {
    return `No variant differs from ${title} in Dice at the level ${level} (${most} test patients); that does not show that they are equal.`;
  }
  const names = (isBetter: boolean): string =>
    significant
      .filter(({ positiveRanks, negativeRanks }) => positiveRanks > negativeRanks === isBetter)
      .map(({ variant }) => findVariant(variant).title)
      .join(', ');
  const parts = [
    names(true) && `better than ${title}: ${names(true)}`,
    names(false) && `worse than ${title}: ${names(false)}`,
  ].filter(Boolean);
  return `In Dice, at the level ${level} with ${most} test patients, ${parts.join('; ')}.`;
}
