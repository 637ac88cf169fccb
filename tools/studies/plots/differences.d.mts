import type { ComparisonFile } from '@interseg/training';

/** Each network's mean difference in Dice to the baseline with its interval, as SVG. */
export function differencesPlot(comparison: ComparisonFile): string;
