export { dicomAmong, zipSources } from './files/zip-sources.ts';
export { chooseSeries } from './series/choose-series.ts';
export type { DicomInstance, PixelPlace } from './parsing/instance.ts';
export { parseInstance, type DicomLimits } from './parsing/parse-instance.ts';
export { bytesSource, fileSource, type DicomSource } from './parsing/source.ts';
export type { Affine, SeriesGeometry } from './series/geometry.ts';
export { seriesGeometry, type SeriesVolume } from './series/read-series.ts';
export {
  groupSeries,
  segmentationClass,
  seriesName,
  type DicomFiles,
  type DicomSeries,
  type LeftOut,
} from './series/series.ts';
export { sliceName, type DicomSlice } from './series/slice.ts';
export type { Color } from './segmentation/cielab.ts';
export { regridLabels, type Grid, type SegmentedSeries } from './segmentation/grid.ts';
export { parseSegmentNotes } from './segmentation/parse-segment-notes.ts';
export {
  readSegmentation,
  referencedSeriesOf,
  type ReadSegmentationOptions,
  type SegmentationVolume,
} from './segmentation/read-segmentation.ts';
export type { FoundSegment } from './segmentation/read-segments.ts';
export { describeSegments, type DescribedSegments, type Segment, type SegmentNotes } from './segmentation/segment.ts';
export { findTerms, knownTerms, type CodedTerm, type SegmentTerms } from './segmentation/terms.ts';
export {
  writeFractionalSegmentation,
  writeSegmentation,
  type SegmentationOptions,
} from './segmentation/write-segmentation.ts';
