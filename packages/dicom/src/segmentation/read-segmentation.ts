import { DataError, OptionError } from '@interseg/errors';
import { AttributeReader } from '../encoding/attribute-reader.ts';
import type { DicomInstance } from '../parsing/instance.ts';
import { defaultLimit, parseInstance, type DicomLimits } from '../parsing/parse-instance.ts';
import { bytesSource, type DicomSource } from '../parsing/source.ts';
import {
  gridOfFrames,
  placeFrame,
  type FramePlace,
  type Grid,
  type PlacedFrame,
  type SegmentedSeries,
} from './grid.ts';
import { namedGap, readFrames, type FoundFrame } from './read-frames.ts';
import { readSegments, type FoundSegment } from './read-segments.ts';
import { segmentationPixels } from './segmentation-pixels.ts';

/** A segmentation as a label map. */
export interface SegmentationVolume extends Grid {
  readonly kind: 'BINARY' | 'FRACTIONAL' | 'LABELMAP';
  readonly segments: readonly FoundSegment[];
  /** The number of the segment of each voxel, 0 for none: columns fastest, then rows, then slices. */
  readonly labels: Uint8Array | Uint16Array;
  /** Pairs of segments that have voxels in common. A label map has room for one of them: that of the higher number. */
  readonly overlaps: readonly { readonly segments: readonly [number, number]; readonly voxels: number }[];
  /** The series of the images that were segmented: SeriesInstanceUID. */
  readonly referencedSeries: readonly string[];
}

/** Options of {@link readSegmentation}. */
export interface ReadSegmentationOptions extends DicomLimits {
  /** The series on whose grid the labels shall lie. Defaults to the grid of the frames, from the first to the last. */
  series?: SegmentedSeries;
  /** Labels of the segments to read. Defaults to all. */
  only?: readonly string[];
}

/** Segmentation Storage and Label Map Segmentation Storage. */
const classes = ['1.2.840.10008.5.1.4.1.1.66.4', '1.2.840.10008.5.1.4.1.1.66.7'];

/**
 * Reads a DICOM SEG, of whichever program: its frames are put where their positions say. Fractions count from one half.
 *
 * @param source a file, or its content
 * @throws DataError in one sentence, if it is no segmentation, is damaged, or does not lie on the grid of the series
 * @throws OptionError if `only` names a segment that is not there
 */
export async function readSegmentation(
  source: DicomSource | Uint8Array,
  { series, only, ...limits }: ReadSegmentationOptions = {},
): Promise<SegmentationVolume> {
  const instance = await parseInstance(
    source instanceof Uint8Array ? bytesSource('segmentation', source) : source,
    limits,
  );
  const { name } = instance;
  if (!classes.includes(instance.sopClass)) {
    throw new DataError(`${name}: found an object that is no segmentation, expected a DICOM SEG.`);
  }
  const object = new AttributeReader(instance.dataSet);
  const kind = kindOf(object, name);
  const segments = chosen(readSegments(object, name), only, name);
  const referencedSeries = referencedSeriesOf(instance);
  if (series) checkReferences(instance, referencedSeries, series);
  const frames = readFrames(object, instance.frames, name).map((frame) => placed(frame, series, name));
  const size = [instance.columns, instance.rows] as const;
  const grid = series?.geometry ?? gridOfFrames(frames, size, namedGap(object), name);
  checkSize(grid, limits.maxBytes ?? defaultLimit, name);
  const pixels = await segmentationPixels(instance, kind, object.number('MaximumFractionalValue') ?? 255);
  const labels = new LabelMap(grid, segments, kind === 'FRACTIONAL');
  for (const [index, frame] of frames.entries()) {
    if (kind !== 'LABELMAP' && frame.segment === undefined) {
      throw new DataError(`${name}: found no segment in frame ${index + 1}, expected its number.`);
    }
    if (frame.segment !== undefined && !labels.has(frame.segment)) {
      if (only) continue;
      throw new DataError(`${name}: found segment ${frame.segment} in frame ${index + 1}, which is not described.`);
    }
    labels.place = placeFrame(frame, grid, size, name);
    await pixels.forEach(index, (column, row, value) => {
      const number = kind === 'LABELMAP' ? value : frame.segment!;
      if (!labels.set(column, row, number, kind === 'LABELMAP' ? 1 : value) && !labels.has(number) && !only) {
        throw new DataError(`${name}: found the value ${number} in frame ${index + 1}, which is no segment.`);
      }
    });
  }
  if (labels.outside > 0) {
    throw new DataError(
      `${name}: found ${labels.outside} voxels of segments outside of the series, expected all within it.`,
    );
  }
  const { shape, spacing, affine } = grid;
  return { kind, segments, labels: labels.data, shape, spacing, affine, overlaps: labels.overlaps(), referencedSeries };
}

/** The series of the images that a segmentation refers to: SeriesInstanceUID. */
export function referencedSeriesOf({ dataSet }: DicomInstance): string[] {
  const items = new AttributeReader(dataSet).items('ReferencedSeriesSequence');
  return items.flatMap((item) => item.text('SeriesInstanceUID') ?? []);
}

function kindOf(object: AttributeReader, name: string): SegmentationVolume['kind'] {
  const kind = object.text('SegmentationType') ?? '';
  if (kind === 'BINARY' || kind === 'FRACTIONAL' || kind === 'LABELMAP') return kind;
  throw new DataError(`${name}: found no known type of segmentation, expected BINARY, FRACTIONAL or LABELMAP.`);
}

function chosen(segments: FoundSegment[], only: readonly string[] | undefined, name: string): FoundSegment[] {
  const missing = only?.find((label) => !segments.some((segment) => segment.label === label));
  if (missing !== undefined) {
    const labels = segments.map(({ label }) => label).join(', ');
    throw new OptionError(`${name}: found no segment ${missing}, expected some of ${labels}.`);
  }
  return only ? segments.filter(({ label }) => only.includes(label)) : segments;
}

function checkReferences(segmentation: DicomInstance, references: readonly string[], series: SegmentedSeries): void {
  const { instance } = series.slices[0]!;
  if (references.includes(instance.series)) return;
  // Segmentations of the same patient on the same table may be drawn on another series.
  const { frameOfReference: frame, name } = segmentation;
  if (frame !== undefined && frame === instance.frameOfReference) return;
  throw new DataError(`${name}: found a segmentation of another series, expected one of that of ${instance.name}.`);
}

/** Frames without a place of their own lie where their images do. */
function placed(frame: FoundFrame, series: SegmentedSeries | undefined, name: string): PlacedFrame {
  const { position, orientation, spacing, image } = frame;
  if (position && orientation && spacing) return { ...frame, position, orientation, spacing };
  const slice = series?.slices.find((one) => one.instance.sopInstance === image?.instance && one.frame === image.frame);
  if (!slice) {
    throw new DataError(
      `${name}: found a frame without a position, orientation or spacing, expected all${series ? '' : ', or the series'}.`,
    );
  }
  return { ...frame, position: slice.position, orientation: slice.orientation, spacing: slice.spacing };
}

function checkSize({ shape }: Grid, limit: number, name: string): void {
  const bytes = 2 * shape[0] * shape[1] * shape[2];
  if (bytes <= limit) return;
  throw new DataError(
    `${name}: found ${shape.join(' × ')} voxels, expected labels of at most ${limit} bytes (the limit maxBytes).`,
  );
}

/** Labels of a grid, filled frame by frame. */
class LabelMap {
  readonly data: Uint8Array | Uint16Array;
  /** The largest fraction so far, where fractions decide. */
  readonly #fractions: Float32Array | undefined;
  readonly #numbers: ReadonlySet<number>;
  readonly #shape: Grid['shape'];
  readonly #overlaps = new Map<string, number>();
  /** Voxels of segments that are not on the grid. */
  outside = 0;
  #place: FramePlace = { start: [0, 0, 0], nextColumn: [1, 0, 0], nextRow: [0, 1, 0] };

  constructor({ shape }: Grid, segments: readonly FoundSegment[], fractional: boolean) {
    const count = shape[0] * shape[1] * shape[2];
    this.#numbers = new Set(segments.map(({ number }) => number));
    this.#shape = shape;
    this.data = Math.max(...this.#numbers) > 255 ? new Uint16Array(count) : new Uint8Array(count);
    if (fractional) this.#fractions = new Float32Array(count);
  }

  has(segment: number): boolean {
    return this.#numbers.has(segment);
  }

  /** Where the pixels that follow lie. */
  set place(place: FramePlace) {
    this.#place = place;
  }

  /** @returns whether the pixel became the segment's */
  set(column: number, row: number, segment: number, fraction: number): boolean {
    if (fraction < 0.5 || !this.#numbers.has(segment)) return false;
    const { start, nextColumn, nextRow } = this.#place;
    const i = start[0]! + column * nextColumn[0]! + row * nextRow[0]!;
    const j = start[1]! + column * nextColumn[1]! + row * nextRow[1]!;
    const k = start[2]! + column * nextColumn[2]! + row * nextRow[2]!;
    const [columns, rows, slices] = this.#shape;
    if (i < 0 || j < 0 || k < 0 || i >= columns || j >= rows || k >= slices) {
      this.outside++;
      return false;
    }
    const voxel = i + columns * (j + rows * k);
    const before = this.data[voxel]!;
    if (before !== 0 && before !== segment) {
      const pair = before < segment ? `${before},${segment}` : `${segment},${before}`;
      this.#overlaps.set(pair, (this.#overlaps.get(pair) ?? 0) + 1);
      const isLess = this.#fractions ? fraction < this.#fractions[voxel]! : segment < before;
      if (isLess) return false;
    }
    this.data[voxel] = segment;
    if (this.#fractions) this.#fractions[voxel] = fraction;
    return true;
  }

  overlaps(): SegmentationVolume['overlaps'] {
    return [...this.#overlaps].map(([pair, voxels]) => ({
      segments: pair.split(',').map(Number) as [number, number],
      voxels,
    }));
  }
}
