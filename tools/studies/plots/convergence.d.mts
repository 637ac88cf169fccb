import type { ComparisonFile } from '@interseg/training';

/** Validation Dice by epoch, a panel per network, as SVG. */
export function convergencePlot(comparison: ComparisonFile): string;
