import { DataError } from '@interseg/errors';
import type { DicomInstance } from '../parsing/instance.ts';
import { defaultLimit, type DicomLimits } from '../parsing/parse-instance.ts';
import { pixelFormat, storedRange, type PixelFormat } from '../pixels/pixel-format.ts';
import type { StartDecodeWorker } from '../pixels/decoding/decode-worker.ts';
import { FrameDecoder } from '../pixels/decoding/frame-decoder.ts';
import { openFrames, type FrameReader } from '../pixels/read-frame.ts';
import { storedValues } from '../pixels/stored-values.ts';
import { inParallel } from '../files/in-parallel.ts';
import { arrangeSlices, type Affine, type SeriesGeometry } from './geometry.ts';
import { seriesName, type DicomSeries } from './series.ts';
import { slicesOf, type DicomSlice } from './slice.ts';

/** The image of a series, with the axes of a NIfTI volume. */
export interface SeriesVolume {
  /** The values after slope and intercept: columns fastest, then rows, then slices. */
  readonly data: Int16Array | Uint16Array | Float32Array | Float64Array;
  /** Columns, rows, slices. */
  readonly shape: [number, number, number];
  /** Between columns, rows and slices, in millimetres. */
  readonly spacing: [number, number, number];
  /** Maps (column, row, slice) to RAS+ millimetres. */
  readonly affine: Affine;
  /** The slices in the order of the third axis: along their normal. */
  readonly slices: readonly DicomSlice[];
  readonly geometry: SeriesGeometry;
  /** The number of pixels outside of the image (PixelPaddingValue), which have the smallest value of the others. */
  readonly paddedVoxels: number;
}

/**
 * How the slices of a series lie, from their headers.
 *
 * @throws DataError as `readSeries`
 */
export function seriesGeometry(series: DicomSeries): { slices: DicomSlice[]; geometry: SeriesGeometry } {
  return arrangeSlices(series.instances.flatMap(slicesOf), seriesName(series));
}

/** What {@link readSeriesWith} needs of the platform. */
export interface Platform {
  readonly startWorker: StartDecodeWorker;
  /** Processor cores. */
  readonly cores: number;
  /** The most that decoding a small frame may take; 10 unless told. */
  readonly seconds?: number;
}

/** The most workers: beyond, reading the files is what takes time. */
const mostWorkers = 4;

/**
 * Reads the volume of a series, as `readSeries` does.
 *
 * @throws DataError as `readSeries`
 */
export async function readSeriesWith(
  { startWorker, cores, seconds }: Platform,
  series: DicomSeries,
  limits: DicomLimits = {},
): Promise<SeriesVolume> {
  const decoder = new FrameDecoder(startWorker, Math.max(1, Math.min(cores, mostWorkers)), seconds);
  try {
    return await readWith(decoder, series, limits);
  } finally {
    decoder.close();
  }
}

async function readWith(decoder: FrameDecoder, series: DicomSeries, limits: DicomLimits): Promise<SeriesVolume> {
  const { slices, geometry } = seriesGeometry(series);
  const name = seriesName(series);
  const files = new Map<DicomInstance, { format: PixelFormat; frames: FrameReader }>();
  await inParallel(series.instances, async (instance) => {
    const format = pixelFormat(instance);
    files.set(instance, { format, frames: await openFrames(instance, format, decoder) });
  });
  const all = slices.map((slice) => ({ slice, ...files.get(slice.instance)! }));
  const data = emptyVolume(all, geometry, name, limits.maxBytes ?? defaultLimit);
  const size = geometry.shape[0] * geometry.shape[1];
  const padded = new PaddedVoxels(data);
  await inParallel(all, async ({ slice, format, frames }, index) => {
    const { bytes, bigEndian } = await frames.read(slice.frame);
    const stored = storedValues(bytes, format, bigEndian);
    rescale(stored, slice, format, data.subarray(index * size, (index + 1) * size));
    if (isPadded(format, slice)) padded.note(stored, format.padding!, index * size);
  });
  const { shape, spacing, affine } = geometry;
  return { data, shape, spacing, affine, slices, geometry, paddedVoxels: padded.fill() };
}

interface FormattedSlice {
  readonly slice: DicomSlice;
  readonly format: PixelFormat;
}

/** Whether larger values are shown darker and mean nothing else: the units of CT and PET do not depend on the display. */
function isInverted({ inverted }: PixelFormat, { instance }: DicomSlice): boolean {
  return inverted && instance.modality !== 'CT' && instance.modality !== 'PT';
}

/** Whether a file marks what is outside of the image. Zeros stay: outside of MR images they are what all programs write. */
function isPadded({ padding }: PixelFormat, { slope, intercept, instance }: DicomSlice): boolean {
  if (padding === undefined) return false;
  const isZero = padding.every((value) => value * slope + intercept === 0);
  return instance.modality === 'CT' || !isZero;
}

/** An array whose elements hold every value that the slices can have. */
function emptyVolume(
  slices: readonly FormattedSlice[],
  { shape }: SeriesGeometry,
  name: string,
  limit: number,
): SeriesVolume['data'] {
  const ends = slices.flatMap(({ slice: { slope, intercept }, format }) =>
    storedRange(format).map((value) => value * slope + intercept),
  );
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const isWhole = slices.every(({ slice }) => Number.isInteger(slice.slope) && Number.isInteger(slice.intercept));
  const isExact = slices.every(({ format }) => format.bitsStored <= 24);
  const bytes = isWhole && low >= -32768 && high <= 65535 && (low >= 0 || high <= 32767) ? 2 : isExact ? 4 : 8;
  const count = shape[0] * shape[1] * shape[2];
  if (count * bytes > limit) {
    throw new DataError(
      `${name}: ${shape.join(' × ')} voxels need ${count * bytes} bytes, expected at most ${limit} (the limit maxBytes).`,
    );
  }
  if (bytes === 2) return low >= 0 && high > 32767 ? new Uint16Array(count) : new Int16Array(count);
  return bytes === 4 ? new Float32Array(count) : new Float64Array(count);
}

function rescale(
  stored: ArrayLike<number>,
  slice: DicomSlice,
  format: PixelFormat,
  target: SeriesVolume['data'],
): void {
  const { slope, intercept } = slice;
  if (isInverted(format, slice)) {
    const [low, high] = storedRange(format);
    const sum = low + high;
    for (let i = 0; i < stored.length; i++) target[i] = (sum - stored[i]!) * slope + intercept;
  } else if (slope === 1 && intercept === 0) {
    target.set(stored);
  } else {
    for (let i = 0; i < stored.length; i++) target[i] = stored[i]! * slope + intercept;
  }
}

/** Collects the voxels outside of the image. */
class PaddedVoxels {
  private readonly data: SeriesVolume['data'];
  private mask?: Uint8Array;
  private count = 0;

  constructor(data: SeriesVolume['data']) {
    this.data = data;
  }

  note(stored: ArrayLike<number>, [low, high]: readonly [number, number], offset: number): void {
    for (let i = 0; i < stored.length; i++) {
      if (stored[i]! < low || stored[i]! > high) continue;
      this.mask ??= new Uint8Array(this.data.length);
      this.mask[offset + i] = 1;
      this.count++;
    }
  }

  /** Gives them the smallest value of the others. @returns their number */
  fill(): number {
    const { data, mask } = this;
    if (!mask) return 0;
    let least = Infinity;
    for (let i = 0; i < data.length; i++) if (mask[i] === 0 && data[i]! < least) least = data[i]!;
    if (least === Infinity) least = 0;
    for (let i = 0; i < data.length; i++) if (mask[i] === 1) data[i] = least;
    return this.count;
  }
}
