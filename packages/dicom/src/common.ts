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
