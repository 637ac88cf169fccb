export { loadModel } from './model-files/load-model.ts';
export type { LoadedModel } from './model-files/build-model.ts';
export type { ModelDescription } from './model-files/model-description.ts';
export { saveModel } from './model-files/save-model.ts';
export {
  predictVolume,
  predictWithEnsemble,
  type EnsembleMember,
  type PredictOptions,
  type VolumePrediction,
} from './predict/predict-volume.ts';
export { writeLabels } from './predict/write-labels.ts';
