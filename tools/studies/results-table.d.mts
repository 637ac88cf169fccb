import type { ComparisonFile } from '@interseg/training';

/** The results of a comparison as a page of Markdown. */
export function resultsTable(study: string, comparison: ComparisonFile): string;
