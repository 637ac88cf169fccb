import { OptionError } from '@interseg/errors';
import { packBits } from './pack-bits.ts';
import type { Segment } from './segment.ts';

/** A frame of a segmentation: one segment in one slice. */
export interface Frame {
  /** The index of the segment. */
  readonly segment: number;
  /** The index of the slice. */
  readonly slice: number;
}

/** Frames with a part of their segment, and their pixels. */
export interface EncodedFrames {
  /** By segment, then by slice. */
  readonly frames: Frame[];
  readonly pixels: Uint8Array;
}

/** The most bytes of a value. */
const mostBytes = 0xffff_fffe;

/**
 * Masks of a label map, one bit a voxel.
 *
 * @param labels first axis fastest: columns, rows, slices
 * @param perSlice voxels of a slice
 * @throws OptionError if a label is no whole number from 0 to 65535, or no segment has it
 */
export function framesOfLabels(
  labels: ArrayLike<number>,
  perSlice: number,
  slices: number,
  segments: readonly Segment[],
): EncodedFrames {
  const present = Array.from({ length: slices }, (_, slice) => valuesIn(labels, slice * perSlice, perSlice));
  const known = new Set(segments.flatMap(({ values }) => values));
  for (const values of present) {
    const stray = [...values].find((value) => value !== 0 && !known.has(value));
    if (stray !== undefined) {
      const expected = [...known].sort((a, b) => a - b).join(', ');
      throw new OptionError(`labels: found the value ${stray}, which no segment has, expected 0, ${expected}.`);
    }
  }
  const frames = segments.flatMap(({ values }, segment) =>
    present.flatMap((found, slice) => (values.some((value) => found.has(value)) ? [{ segment, slice }] : [])),
  );
  if (frames.length === 0) frames.push(emptyFrame);
  const pixels = new Uint8Array(checkedSize(Math.ceil((frames.length * perSlice) / 8)));
  const largest = Math.max(0, ...known);
  frames.forEach(({ segment, slice }, index) => {
    const belongs = new Uint8Array(largest + 1);
    for (const value of segments[segment]!.values) belongs[value] = 1;
    const from = slice * perSlice;
    packBits(pixels, index * perSlice, perSlice, (voxel) => belongs[labels[from + voxel]!] === 1);
  });
  return { frames, pixels };
}

/**
 * Probabilities as bytes, 255 for 1.
 *
 * @param probabilities of each segment, each as the labels of {@link framesOfLabels}
 * @throws OptionError if one is not from 0 to 1
 */
export function framesOfProbabilities(
  probabilities: readonly ArrayLike<number>[],
  perSlice: number,
  slices: number,
): EncodedFrames {
  const frames = probabilities.flatMap((values, segment) =>
    Array.from({ length: slices }, (_, slice) => ({ segment, slice })).filter(({ slice }) =>
      hasSome(values, slice * perSlice, perSlice),
    ),
  );
  if (frames.length === 0) frames.push(emptyFrame);
  const pixels = new Uint8Array(checkedSize(frames.length * perSlice));
  frames.forEach(({ segment, slice }, index) => {
    const values = probabilities[segment]!;
    for (let voxel = 0; voxel < perSlice; voxel++) {
      pixels[index * perSlice + voxel] = Math.round(values[slice * perSlice + voxel]! * 255);
    }
  });
  return { frames, pixels };
}

/** Where nothing was found there is one empty frame, as an image cannot have none. */
const emptyFrame: Frame = { segment: 0, slice: 0 };

function valuesIn(labels: ArrayLike<number>, from: number, count: number): Set<number> {
  const values = new Set<number>();
  let last = 0;
  for (let index = from; index < from + count; index++) {
    const value = labels[index]!;
    if (value === last) continue;
    if (!Number.isInteger(value) || value < 0 || value > 65535) {
      throw new OptionError(`labels: found the value ${value}, expected whole numbers from 0 to 65535.`);
    }
    values.add(value);
    last = value;
  }
  return values;
}

function hasSome(values: ArrayLike<number>, from: number, count: number): boolean {
  let found = false;
  for (let index = from; index < from + count; index++) {
    const value = values[index]!;
    if (!(value >= 0 && value <= 1)) {
      throw new OptionError(`probabilities: found ${value}, expected numbers from 0 to 1.`);
    }
    if (value * 255 >= 0.5) found = true;
  }
  return found;
}

function checkedSize(bytes: number): number {
  if (bytes <= mostBytes) return bytes;
  throw new OptionError(
    `segmentation: found ${bytes} bytes of frames, expected at most ${mostBytes}, as DICOM has it.`,
  );
}
