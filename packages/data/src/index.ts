export * from './browser.ts';

export { bratsChannels, openBrats } from './layouts/brats.ts';
export { inferModality, parseChannels, parseClasses } from './layouts/description.ts';
export type { DatasetFolder, Layout } from './layouts/layout.ts';
export { defineLayout, layouts } from './layouts/registry.ts';
export { registerLayouts, type LayoutPlugin } from './layouts/register-plugin.ts';
export { openDataset } from './layouts/open-dataset.ts';
export { openFolder, type FolderOptions } from './layouts/folder.ts';
export { channelFromFileName, findCaseImages } from './layouts/case-folder.ts';
export { selectClasses } from './layouts/select-classes.ts';
export { openMsd } from './layouts/msd.ts';
export { defineImageFormat, type ImageFormat } from './cases/image-format.ts';
export { readCase, readLabels, type ReadCaseOptions } from './cases/read-case.ts';
export { readSplit, writeSplit } from './split/split-file.ts';
export { openSlices, type OpenSlicesOptions } from './slices/open-slices.ts';
export type { OpenCasesOptions } from './slices/open-cases.ts';
export { openUnlabelledSlices, type OpenUnlabelledOptions } from './slices/open-unlabelled.ts';
export type { SliceCacheOptions } from './slices/cache/disk-cache.ts';
export { generatePhantoms } from './phantoms/generate.ts';
export type {
  DistractorShape,
  PhantomLayout,
  PhantomModality,
  PhantomObjects,
  PhantomOptions,
} from './phantoms/options.ts';
export type { ClassSummary, Range } from './inspection/class-summary.ts';
export type { CaseReport, ChannelReport, ClassReport } from './inspection/case-report.ts';
export { inspect, type DataSetReport, type InspectOptions } from './inspection/inspect.ts';
export { BRATS_CHANNELS, channelOfName, imagesOfCase } from './deprecated-node.ts';

// Names that earlier versions exported from here: import them from these packages.
export { DataError } from '@interseg/errors';
export { exists, fileError, readJsonObject, writeAtomically, writeJson } from '@interseg/files';
export {
  affineDistance,
  applyAffine,
  canonicalAffine,
  determinant,
  fromCanonical,
  orientationName,
  orientationOf,
  readNifti,
  scalingAffine,
  spacingOf,
  toCanonical,
  writeNifti,
  type Affine,
  type NiftiHeader,
  type Orientation,
  type ReadLimits,
  type Triple,
  type TypedBigIntArray,
  type TypedNumberArray,
  type Volume,
  type WritableVolume,
} from '@interseg/nifti';
