export type { Case, ClassDefinition, DataSet, Modality } from './dataset.ts';
export type { CaseVolume, ImageSource, LabelArray } from './cases/case-volume.ts';
export {
  caseFromVolumes,
  type CaseContext,
  type CaseVolumes,
  type ImageVolume,
  type LabelGrid,
  type NamedVolume,
} from './cases/case-from-volumes.ts';
export { checkSameGrid, type FileGrid } from './cases/same-grid.ts';
export { labelValues } from './cases/label-values.ts';

export type { ShapedArray } from './arrays/read-arrays.ts';
export {
  slicesFromArrays,
  type ArrayCase,
  type ArraySlices,
  type ArraySlicesOptions,
} from './arrays/slices-from-arrays.ts';

export { drawLabelled, drawUnlabelled, type CaseDraw, type LabelledAndUnlabelled } from './split/draw-cases.ts';
export { splitCases, type Split, type SplitOptions } from './split/split.ts';

export {
  augmentationChanges,
  augmentationLimits,
  augmentationNames,
  augmentationPresets,
  changesIntensities,
  completeAugmentation,
  isWithoutEffect,
  type Augmentation,
  type AugmentationChange,
  type AugmentationName,
  type AugmentationOverrides,
  type AugmentationStrengths,
} from './augmentation/settings.ts';
export { augmentSlice, sliceRandom, type AugmentedImages, type SliceDraw } from './augmentation/augment.ts';
export type { AugmentedSlice } from './augmentation/warp.ts';

export { percentileOfSorted } from './statistics.ts';
export { createRandom, type Random } from './random/random.ts';

export {
  completeSliceSettings,
  isBounded,
  largestContext,
  planes,
  resizings,
  type CompleteSliceSettings,
  type IntensityNormalization,
  type Plane,
  type Resizing,
  type SliceSettings,
} from './slices/slice-settings.ts';
export { createSlicing, type Slicing } from './slices/geometry/slicing.ts';
export { inputChannels } from './slices/geometry/context.ts';
export { prepareCase } from './slices/preparation/prepare-case.ts';
export type { PreparedCase, SliceKind } from './slices/preparation/prepared-case.ts';
export {
  showSlice,
  type BatchSlice,
  type EpochAugmentation,
  type SliceStack,
} from './slices/batches/assemble-batch.ts';
export type { PatchSettings } from './slices/batches/draw-patch.ts';
export type { SliceObjects } from './slices/preparation/slice-objects.ts';
export type { BatchOptions, SliceChoice, SliceSource } from './slices/slice-source.ts';
export { slicesFromCases, type CaseSlicesOptions } from './slices/slices-from-cases.ts';
export type { UnlabelledBatch, UnlabelledBatchOptions, UnlabelledSource } from './slices/open-unlabelled.ts';
export type { Batch } from './slices/batches/batches.ts';
export { labelMap } from './slices/inverse/label-map.ts';

export { labelValuesOf, type Normalization } from './deprecated.ts';
