import type { ComparisonFile, MeanDeviation } from '@interseg/experiments';

/** What an entry came to with so many labelled patients. */
export interface CurvePoint {
  labelled: number;
  dice: MeanDeviation;
  /** Mean of the best validation Dice of its runs. */
  validation: number;
  /** 95 % for the mean Dice over test cases. */
  interval: [number, number];
  /** To the baseline, paired by patient; `null` for the baseline itself. */
  difference: number | null;
  isBeyondChance: boolean;
}

/** An entry with its points, fewest patients first. */
export interface LearningCurve {
  variant: string;
  points: CurvePoint[];
}

/** The entries that are in all comparisons, each of which has another number of labelled patients. */
export function learningCurves(comparisons: readonly ComparisonFile[]): LearningCurve[];

/** The baseline, the best other variant with labels alone, and the best with images without labels. */
export function chosenCurves(curves: readonly LearningCurve[]): LearningCurve[];
