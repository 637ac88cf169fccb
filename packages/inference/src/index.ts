export * from './browser.ts';
export { readImage } from './images/read-image.ts';
export { loadModel } from './model-files/load-model.ts';
export { saveModel } from './model-files/save-model.ts';
export { writeLabels } from './predict/write-labels.ts';
