export { DataError } from '@interseg/errors';
export { exists, fileError, readJsonObject, writeAtomically, writeJson } from '@interseg/files';
export {
  affineDistance,
  applyAffine,
  canonicalAffine,
  determinant,
  fromCanonical,
  orientationName,
  orientationFromAffine,
  orientationOf,
  readNifti,
  scalingAffine,
  spacingFromAffine,
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

export type { Case, ClassDefinition, DataSet, Modality } from './dataset.ts';
export { bratsChannels, openBrats } from './layouts/brats.ts';
export type { DatasetFolder, Layout } from './layouts/layout.ts';
export { defineLayout, layouts } from './layouts/registry.ts';
export { registerLayouts, type LayoutPlugin } from './layouts/register-plugin.ts';
export { openDataset } from './layouts/open-dataset.ts';
export { openFolder, type FolderOptions } from './layouts/folder.ts';
export { channelFromFileName, findCaseImages } from './layouts/case-folder.ts';
export { selectClasses } from './layouts/select-classes.ts';
export { openMsd } from './layouts/msd.ts';
export type { CaseVolume, ImageSource, LabelArray } from './cases/case-volume.ts';
export { checkSameGrid, type FileGrid } from './cases/same-grid.ts';
export { labelValues } from './cases/label-values.ts';
export {
  caseFromVolumes,
  type CaseContext,
  type CaseVolumes,
  type LabelGrid,
  type NamedVolume,
} from './cases/case-from-volumes.ts';
export { readCase, readLabels, type ReadCaseOptions } from './cases/read-case.ts';

export type { ShapedArray } from './arrays/read-arrays.ts';
export {
  slicesFromArrays,
  type ArrayCase,
  type ArraySlices,
  type ArraySlicesOptions,
} from './arrays/slices-from-arrays.ts';

export { splitCases, type Split, type SplitOptions } from './split/split.ts';
export { readSplit, writeSplit } from './split/split-file.ts';

export {
  augmentationLimits,
  augmentationNames,
  augmentationPresets,
  completeAugmentation,
  type Augmentation,
  type AugmentationName,
} from './augmentation/settings.ts';
export { augmentSlice, sliceRandom, type AugmentedImages, type SliceDraw } from './augmentation/augment.ts';
export type { AugmentedSlice } from './augmentation/warp.ts';

export { createRandom, type Random } from './random/random.ts';

export {
  completeSliceSettings,
  isBounded,
  planes,
  resizings,
  type CompleteSliceSettings,
  type IntensityNormalization,
  type Plane,
  type Resizing,
  type SliceSettings,
} from './slices/slice-settings.ts';
export { prepareCase } from './slices/preparation/prepare-case.ts';
export type { PreparedCase, SliceKind } from './slices/preparation/prepared-case.ts';
export { openSlices, type BatchOptions, type OpenSlicesOptions, type SliceSource } from './slices/open-slices.ts';
export type { SliceCacheOptions } from './slices/cache/disk-cache.ts';
export type { Batch } from './slices/batches/batches.ts';
export { labelMap } from './slices/inverse/label-map.ts';

export { generatePhantoms } from './phantoms/generate.ts';
export type { PhantomLayout, PhantomObjects, PhantomOptions } from './phantoms/options.ts';

export type { ClassSummary, Range } from './inspection/class-summary.ts';
export type { CaseReport, ChannelReport, ClassReport } from './inspection/case-report.ts';
export { inspect, type DataSetReport, type InspectOptions } from './inspection/inspect.ts';

export { labelValuesOf, type Normalization } from './deprecated.ts';
export { BRATS_CHANNELS, channelOfName, imagesOfCase } from './deprecated-node.ts';
