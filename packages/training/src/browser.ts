export { classMask, type LabelVolume } from './evaluation/class-mask.ts';
export { evaluate, type ClassEvaluation } from './evaluation/evaluate.ts';
export {
  classMetrics,
  meanMetrics,
  objectCounts,
  sumObjects,
  type ClassMetrics,
  type EmptyCounts,
  type MetricName,
  type MetricsFile,
  type ObjectCounts,
  type StratumResult,
} from './evaluation/metrics-file.ts';
export { summarize } from './evaluation/summarize.ts';
export {
  collapsedLevels,
  collapseRatio,
  featuresCsv,
  measureFeatures,
  type FeatureScales,
} from './loop/feature-activation.ts';
export { fit, type FitResult } from './loop/fit.ts';
export type { EarlyEnd, FitDataset, FitOptions, StepProgress } from './loop/fit-options.ts';
export { historyCsv, parseHistoryCsv, type EpochRecord } from './loop/history.ts';
export { maskPathTrainings, pretrainMaskPath, trainedVariables, type MaskPathTraining } from './loop/mask-path.ts';
export { pretrainings, type PretrainOptions, type Pretraining } from './loop/pretrain.ts';
export { pretrainReconstruction } from './loop/reconstruction.ts';
export { onNanChoices, skippedCsv, type NonFiniteOptions, type OnNan } from './loop/non-finite.ts';
export {
  defaultSchedule,
  learningRateAt,
  paperSchedule,
  scheduledLearningRate,
  scheduleNames,
  type LearningRateSchedule,
  type ScheduleName,
  type ScheduleOptions,
  type ScheduleTime,
} from './loop/schedules.ts';
export type { SliceShapes, StepBatch, TrainingSlices, ValidationCase, ValidationSlices } from './loop/slices.ts';
export {
  createStep,
  runStep,
  type CompileStep,
  type LossOptions,
  type Step,
  type StepInputs,
  type StepLoss,
  type StepNumbers,
  type StepResult,
} from './loop/train-step.ts';
export {
  bestEpoch,
  initialState,
  type PretrainingState,
  type SkippedBatch,
  type TrainingState,
} from './loop/training-state.ts';
export type { UnlabelledOptions, UnlabelledSlices, UnlabelledStepBatch } from './loop/unlabelled.ts';
export { validate, type MissedClass, type ValidationResult } from './loop/validate.ts';
export { Adam, type AdamStep } from './optimizer/adam.ts';
export { AdamW } from './optimizer/adamw.ts';
export {
  createOptimizer,
  optimizerDefaults,
  optimizerNames,
  type OptimizerName,
  type OptimizerOptions,
} from './optimizer/create-optimizer.ts';
export type { GradientGuards } from './optimizer/gradient-guard.ts';
export type { Optimizer } from './optimizer/optimizer.ts';
export { Sgd, type SgdOptions } from './optimizer/sgd.ts';
export { AveragingOptimizer, WeightAverage } from './optimizer/weight-average.ts';
