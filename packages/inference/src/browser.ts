export { imageFromVolumes, type ImageContext } from './images/image-from-volumes.ts';
export type { LoadedModel } from './model-files/build-model.ts';
export { fetchModelFiles, type FetchModelOptions } from './model-files/fetch-model-files.ts';
export { loadModelFiles, type ModelFiles } from './model-files/load-model-files.ts';
export { createModelIndex, type FileIdentity, type ModelIndex } from './model-files/model-index.ts';
export { unzipModelFiles } from './model-files/unzip-model-files.ts';
export { modelContents, zipModel, type ModelContents } from './model-files/model-contents.ts';
export { modelArtifacts } from './model-files/model-artifacts.ts';
export type { ModelDescription } from './model-files/model-description.ts';
export { parseDescription } from './model-files/model-file.ts';
export {
  compileNetwork,
  type CompiledNetwork,
  type CompilePass,
  type Pass,
  type PassInputs,
  type SliceNetwork,
  type SlicesShape,
} from './networks/slice-network.ts';
export { scoresAgainstBackground } from './predict/class-scores.ts';
export { inferInParts, type InferenceOptions, type InferredSlices, type SliceStack } from './predict/infer-slices.ts';
export { combinePostProcessing, plainPostProcessing, type ClassPostProcessing } from './predict/post-processing.ts';
export {
  predictVolume,
  predictWithEnsemble,
  type EnsembleMember,
  type PredictOptions,
  type PredictionProgress,
  type VolumePrediction,
} from './predict/predict-volume.ts';
