import type { ComparisonFile } from '@interseg/experiments';
import type { LearningCurve } from './learning-curve.mjs';

/** The results of comparisons with different numbers of labelled patients, as one page of Markdown. */
export function curvePage(
  study: string,
  curves: readonly LearningCurve[],
  comparisons: readonly ComparisonFile[],
): string;
