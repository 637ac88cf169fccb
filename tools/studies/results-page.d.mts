import type { ComparisonFile } from '@interseg/training';

/** The results of a comparison as a page of Markdown. */
export function resultsPage(study: string, comparison: ComparisonFile, plots?: string): string;
