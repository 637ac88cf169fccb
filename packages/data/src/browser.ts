export type { Case, ClassDefinition, DataSet, Modality } from './layouts/dataset.ts';
export type { CaseVolume, ImageSource, LabelArray } from './layouts/case-volume.ts';
export {
  caseFromVolumes,
  type CaseContext,
  type CaseVolumes,
  type LabelGrid,
  type NamedVolume,
} from './layouts/case-from-volumes.ts';
export { checkSameGrid, type FileGrid } from './layouts/same-grid.ts';
export { labelValuesOf } from './layouts/label-values.ts';

export { splitCases, type Split, type SplitOptions } from './split/split.ts';

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
  type CompleteSliceSettings,
  type Normalization,
  type Plane,
  type Resizing,
  type SliceSettings,
} from './slices/settings.ts';
export { prepareCase } from './slices/prepare-case.ts';
export type { PreparedCase, SliceKind } from './slices/prepared-case.ts';
export type { BatchOptions, SliceSource } from './slices/open-slices.ts';
export type { Batch } from './slices/batches.ts';
export { labelMap } from './slices/label-map.ts';
