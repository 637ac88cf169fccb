/** Packages for browsers, too; their READMEs say so. */
export const forBrowsers = [
  'errors',
  'core-layers',
  'losses',
  'metrics',
  'nifti',
  'dicom',
  'data',
  'models',
  'inference',
  'onnx',
  'training',
];
