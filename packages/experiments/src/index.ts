export { compare, type ComparisonHooks, type ComparisonResult } from './comparison/compare.ts';
export type { ComparedRun } from './comparison/compared-run.ts';
export type { ComparisonFile, FailedRun } from './comparison/comparison-file.ts';
export type { Convergence, ValidationPoint } from './comparison/convergence.ts';
export type { ParameterCounts } from './comparison/measurements.ts';
export type { PairedTest, PairedTests } from './comparison/paired-tests.ts';
export { meanDeviation, type MeanDeviation } from './comparison/statistics/mean-deviation.ts';
export type { StratumSummary, VariantSummary } from './comparison/variant-summary.ts';
export { parseEntry, type ComparedEntry } from './sweep/compared-entry.ts';
export { clearFailure, readFailure, type RunFailure } from './sweep/failure-file.ts';
export {
  readComparisonConfiguration,
  readManifest,
  runOfIndex,
  type SweepManifest,
  type SweepRun,
} from './sweep/manifest.ts';
export {
  isFinished,
  performSweepRun,
  RunRefusedError,
  type RunOutcome,
  type SweepRunHooks,
  type SweepRunOptions,
} from './sweep/perform-run.ts';
export { planSweep, readPlan, readSweep, type PlannedSweep } from './sweep/plan-sweep.ts';
export { isOpen, readStandings, type RunStanding, type RunState } from './sweep/run-states.ts';
export {
  comparedEntries,
  comparisonConfiguration,
  comparisonOptionsSchema,
  plannedRuns,
  type ComparisonConfiguration,
  type PlannedRun,
  type SweepAxes,
} from './sweep/sweep-configuration.ts';
export { comparisonFolder, type ComparisonFolder } from './sweep/sweep-folder.ts';
