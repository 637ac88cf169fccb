export { collect, type Collection, type MissingRun } from './comparison/collect.ts';
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
export { readStatus, type RunStatus, type SweepStatus } from './sweep/sweep-status.ts';
export { isOpen, readStandings, type RunStanding, type RunState } from './sweep/run-states.ts';
export {
  comparedEntries,
  comparisonConfiguration,
  comparisonOptionsSchema,
  describeRun,
  plannedRuns,
  runKey,
  type ComparisonConfiguration,
  type PlannedRun,
  type SweepAxes,
} from './sweep/sweep-configuration.ts';
export { comparisonFolder, type ComparisonFolder } from './sweep/sweep-folder.ts';
export { kubernetesJob, type KubernetesMount, type KubernetesSettings } from './sweep/submit/kubernetes-job.ts';
export { readQueue, type RunSelection, type SweepQueue } from './sweep/submit/select-runs.ts';
export { quoteArgument } from './sweep/submit/shell.ts';
export {
  showForKubernetes,
  showForLocal,
  showForRay,
  showForSlurm,
  type ShownSubmission,
} from './sweep/submit/show-submission.ts';
export { slurmArrays, type SlurmArray, type SlurmSettings } from './sweep/submit/slurm-script.ts';
export { sweepEngines, type SweepEngine } from './sweep/submit/submission-files.ts';
export {
  submitLocally,
  submitToRay,
  submitToSlurm,
  superviseOnRay,
  type SentJobs,
  type SentSweep,
  type SubmitOptions,
  type SupervisedRuns,
} from './sweep/submit/submit-sweep.ts';
export type { QueuedRun, SchedulerFlag, Submission } from './sweep/submit/submission.ts';
export type { RunEnd, Supervision } from './sweep/submit/supervise-runs.ts';
