import type { LearningCurve } from '../learning-curve.mjs';

/** Dice over the number of labelled patients, a line with a band per curve, as SVG. */
export function learningCurvePlot(curves: readonly LearningCurve[]): string;
