export * from './browser.ts';
export { readCheckpoint, writeCheckpoint } from './checkpoint/checkpoint.ts';
export type { CheckpointNotes } from './checkpoint/checkpoint-file.ts';
export {
  augmentationSettings,
  lossOptions,
  networkOptions,
  sliceSettings,
  splitOptions,
  storageOptions,
  type AugmentationOptions,
} from './configuration/derive.ts';
export { overrideOptions, type DecidingOptions, type DependentOptions } from './configuration/dependent-defaults.ts';
export { option, optionFacts, optionsWhere, pickOptions, type OptionFacts } from './configuration/option.ts';
export { withAbsolutePaths } from './configuration/paths.ts';
export { presets, withPreset } from './configuration/presets.ts';
export {
  runConfiguration,
  runOptionsSchema,
  runSections,
  type RunConfiguration,
  type RunConfigurationInput,
} from './configuration/run-configuration.ts';
export type { OptionSection } from './configuration/section.ts';
export { presetNames, type PresetName } from './configuration/sections/data.ts';
export { evaluateCases, type EvaluateCasesOptions } from './evaluation/evaluate-cases.ts';
export {
  chosenSettings,
  describePostProcessing,
  type PostProcessingChoice,
} from './post-processing/choose-for-model.ts';
export type { ClassChoice, ClassScore } from './post-processing/choose-post-processing.ts';
export { lastingName, loadPlugins } from './plugins/load-plugins.ts';
export type { RunResult } from './run/continue-run.ts';
export { exportModel, type ExportOptions, type ModelWriter } from './run/export-model.ts';
export type { FoldsSummary, FoldSummary } from './folds/evaluate-folds.ts';
export { foldsFolder, type FoldsFolder } from './folds/folds-folder.ts';
export { readFolds, type FoldsFile } from './folds/folds-file.ts';
export { resumeFolds, trainFolds, type FoldsHooks, type FoldsOptions, type FoldsResult } from './folds/train-folds.ts';
export type { ClassFingerprint, Fingerprint, FingerprintOptions } from './plan/fingerprint/fingerprint.ts';
export { readFingerprint } from './plan/fingerprint/fingerprint.ts';
export type { ForegroundIntensities } from './plan/fingerprint/intensities.ts';
export type { Spread } from './plan/fingerprint/spread.ts';
export { plannedPrecision, planRun, type Plan, type PlannedOption, type PlanOptions } from './plan/plan-run.ts';
export { recipe, type Recipe } from './plan/recipe.ts';
export type { OptionName } from './plan/rule.ts';
export { chooseCases, openData, openSplit } from './run/open-data.ts';
export { LockLostError, RunExistsError, RunHeldError } from './run/lock/lock-errors.ts';
export { lookAtLock, type LockHolder } from './run/lock/lock-holder.ts';
export { lockRun, type LockOptions, type LockWait, type RunLock } from './run/lock/run-lock.ts';
export { runFolder, type RunFolder } from './run/run-folder.ts';
export type { RunHooks } from './run/run-hooks.ts';
export { checkRunOptions } from './run/create-run-network.ts';
export { readConfiguration, resume, train, trainPlanned } from './run/train.ts';
export { objectSizes } from './split/object-sizes.ts';
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
