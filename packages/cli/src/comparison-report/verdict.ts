import type { ComparisonFile } from '@interseg/experiments';
import { pValue } from '../terminal/numbers.ts';
import { entryVariant } from './entry-variant.ts';

/** The conclusion that the statistical tests allow, in a sentence or two. */
export function verdict({ tests }: Pick<ComparisonFile, 'tests'>): string {
  const { comparisons, level, canConclude, baseline } = tests;
  const title = entryVariant(baseline).title;
  if (comparisons.length === 0) return `There is nothing to compare ${title} with.`;
  const most = Math.max(...comparisons.map(({ n }) => n));
  if (!canConclude) {
    const smallest = comparisons.length * Math.min(...comparisons.map(({ smallestP }) => smallestP));
    const patients = most === 1 ? '1 test patient' : `${most} test patients`;
    const tests = comparisons.length === 1 ? '1 comparison' : `${comparisons.length} comparisons`;
    const limit = smallest < 1 ? `no p below ${pValue(smallest)} is possible` : 'p is 1';
    return `Nothing can be concluded: with ${patients} and ${tests} ${limit}, whatever the results.`;
  }
  const significant = comparisons.filter(({ adjustedP }) => adjustedP <= level);
  if (significant.length === 0) {
    return `No variant differs significantly from ${title} in Dice (level ${level}, ${most} test patients). This does not show that they are equal.`;
  }
  const names = (isBetter: boolean): string =>
    significant
      .filter(({ positiveRanks, negativeRanks }) => positiveRanks > negativeRanks === isBetter)
      .map(({ variant }) => entryVariant(variant).title)
      .join(', ');
  const parts = [
    names(true) && `better than ${title}: ${names(true)}`,
    names(false) && `worse than ${title}: ${names(false)}`,
  ].filter(Boolean);
  return `In Dice (level ${level}, ${most} test patients), ${parts.join('; ')}.`;
}
