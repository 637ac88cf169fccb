export { readCheckpoint, writeCheckpoint } from './checkpoint/checkpoint.ts';
export type { CheckpointNotes } from './checkpoint/checkpoint-file.ts';
export {
  augmentationOf,
  lossOptions,
  networkOptions,
  sliceSettings,
  type AugmentationOptions,
} from './configuration/derive.ts';
export { presets } from './configuration/presets.ts';
export {
  presetNames,
  runConfiguration,
  type PresetName,
  type RunConfiguration,
  type RunConfigurationInput,
} from './configuration/run-configuration.ts';
export { classMask, type LabelVolume } from './evaluation/class-mask.ts';
export { evaluate, type ClassEvaluation } from './evaluation/evaluate.ts';
export { evaluateCases, type EvaluateCasesOptions } from './evaluation/evaluate-cases.ts';
export {
  classMetrics,
  meanMetrics,
  type ClassMetrics,
  type EmptyCounts,
  type MetricName,
  type MetricsFile,
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
export { onNanChoices, skippedCsv, type NonFiniteOptions, type OnNan } from './loop/non-finite.ts';
export { historyCsv, parseHistoryCsv, type EpochRecord } from './loop/history.ts';
export type { MissedClass } from './loop/validate.ts';
export { defaultSchedule, learningRateAt, paperSchedule, type LearningRateSchedule } from './loop/learning-rate.ts';
export type { LossOptions } from './loop/loss-options.ts';
export {
  createStep,
  runStep,
  type SliceShapes,
  type CompileStep,
  type Step,
  type StepBatch,
  type StepInputs,
  type StepLoss,
  type StepNumbers,
  type StepResult,
} from './loop/train-step.ts';
export {
  maskPathTrainings,
  pretrainMaskPath,
  trainedVariables,
  type MaskPathTraining,
  type PretrainOptions,
} from './loop/mask-path.ts';
export {
  bestEpoch,
  initialState,
  type PretrainingState,
  type SkippedBatch,
  type TrainingState,
} from './loop/training-state.ts';
export { validate, type ValidationResult } from './loop/validate.ts';
export { Adam, type AdamStep } from './optimizer/adam.ts';
export type { GradientGuards } from './optimizer/gradient-guard.ts';
export { lastingName, loadPlugins } from './plugins/load-plugins.ts';
export type { RunResult } from './run/continue-run.ts';
export { runFolder, type RunFolder } from './run/run-folder.ts';
export type { RunHooks } from './run/run-hooks.ts';
export { checkRunOptions } from './run/create-run-network.ts';
export { openData } from './run/open-data.ts';
export { objectSizes } from './split/object-sizes.ts';
export { exportModel, type ExportOptions } from './run/export-model.ts';
export { readConfiguration, resume, train } from './run/train.ts';
export {
  loadModel,
  predictVolume,
  predictWithEnsemble,
  saveModel,
  writeLabels,
  type EnsembleMember,
  type LoadedModel,
  type ModelDescription,
  type PredictOptions,
  type VolumePrediction,
} from '@interseg/inference';
