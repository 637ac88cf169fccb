export * from './browser.ts';
export { readImage } from './images/read-image.ts';
export { findModels } from './model-files/find-models.ts';
export {
  loadEnsemble,
  type DescribedNetwork,
  type Ensemble,
  type EnsembleOptions,
  type ModelFormat,
} from './model-files/load-ensemble.ts';
export { loadModel } from './model-files/load-model.ts';
export { saveModel } from './model-files/save-model.ts';
export { writeLabels } from './predict/write-labels.ts';
