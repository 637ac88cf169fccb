export type { EmptyOptions, Mask } from './mask.ts';
export { dice, jaccard, precision, sensitivity, specificity } from './overlap.ts';
export { surfaceDistances, type DirectedSets, type SurfaceDistances } from './surface-distances.ts';
export { hausdorffDistance, type HausdorffOptions } from './hausdorff-distance.ts';
export { averageSymmetricSurfaceDistance, type AverageOptions } from './average-surface-distance.ts';
export {
  segmentationMetrics,
  type EmptyMasks,
  type SegmentationMetrics,
  type SegmentationMetricsOptions,
} from './segmentation-metrics.ts';
export {
  connectedComponents,
  type Components,
  type Connectivity,
  type ConnectivityOptions,
} from './connected-components.ts';
export {
  objectWiseDetection,
  type DetectionOptions,
  type MaskObject,
  type ObjectWiseDetection,
  type ReferenceObject,
} from './object-wise-detection.ts';
export { smallObjectStrata, stratifyObjects, type StrataOptions, type Stratum } from './small-object-strata.ts';
