export { readComparisonConfiguration } from './comparison/begin-comparison.ts';
export { compare, type ComparisonHooks, type ComparisonResult } from './comparison/compare.ts';
export { parseEntry, type ComparedEntry } from './comparison/compared-entry.ts';
export type { ComparedRun } from './comparison/compared-run.ts';
export {
  comparisonConfiguration,
  comparisonOptionsSchema,
  plannedRuns,
  type ComparisonConfiguration,
  type PlannedRun,
} from './comparison/comparison-configuration.ts';
export type { ComparisonFile, FailedRun } from './comparison/comparison-file.ts';
export { comparisonFolder, type ComparisonFolder } from './comparison/comparison-folder.ts';
export type { Convergence, ValidationPoint } from './comparison/convergence.ts';
export type { ParameterCounts } from './comparison/measurements.ts';
export type { PairedTest, PairedTests } from './comparison/paired-tests.ts';
export { meanDeviation, type MeanDeviation } from './comparison/statistics/mean-deviation.ts';
export type { StratumSummary, VariantSummary } from './comparison/variant-summary.ts';
