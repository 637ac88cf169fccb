import { DataError } from '@interseg/errors';
import type { DicomInstance } from '../parsing/instance.ts';
import { tags, text, uint16 } from '../parsing/values.ts';

/** How the pixels of an image are stored. */
export interface PixelFormat {
  readonly rows: number;
  readonly columns: number;
  /** Bits of a pixel in the file. */
  readonly bitsAllocated: 8 | 16 | 32;
  readonly bitsStored: number;
  /** The place of the highest bit, counted from 0. */
  readonly highBit: number;
  readonly signed: boolean;
  /** Whether the smallest value is shown white (MONOCHROME1). */
  readonly inverted: boolean;
  /** The smallest and the largest stored value that mean that there is no image. */
  readonly padding?: readonly [number, number];
  /** Bytes of a frame when decoded. */
  readonly frameBytes: number;
}

/** @throws DataError if the pixels have colours, or a number of bits that images do not have */
export function pixelFormat(instance: DicomInstance): PixelFormat {
  const { dataSet, name, rows, columns } = instance;
  const samples = uint16(dataSet, tags.samplesPerPixel) ?? 1;
  const photometric = text(dataSet, tags.photometricInterpretation) ?? 'MONOCHROME2';
  if (samples !== 1 || !/^MONOCHROME[12]$/.test(photometric)) {
    const found = /^[A-Z0-9_ ]{1,16}$/.test(photometric) ? photometric : 'an unknown kind';
    throw new DataError(`${name}: found pixels of ${found}, expected grey ones (MONOCHROME1 or MONOCHROME2).`);
  }
  const bitsAllocated = uint16(dataSet, tags.bitsAllocated) ?? 0;
  if (bitsAllocated !== 8 && bitsAllocated !== 16 && bitsAllocated !== 32) {
    throw new DataError(`${name}: found ${bitsAllocated} bits for a pixel, expected 8, 16 or 32.`);
  }
  const bitsStored = uint16(dataSet, tags.bitsStored) ?? bitsAllocated;
  const highBit = uint16(dataSet, tags.highBit) ?? bitsStored - 1;
  if (bitsStored < 1 || bitsStored > bitsAllocated || highBit < bitsStored - 1 || highBit >= bitsAllocated) {
    throw new DataError(
      `${name}: found ${bitsStored} bits up to bit ${highBit} in a pixel of ${bitsAllocated}, expected bits within it.`,
    );
  }
  const signed = uint16(dataSet, tags.pixelRepresentation) === 1;
  return {
    rows,
    columns,
    bitsAllocated,
    bitsStored,
    highBit,
    signed,
    inverted: photometric === 'MONOCHROME1',
    padding: paddingOf(instance, bitsStored, signed),
    frameBytes: (rows * columns * bitsAllocated) / 8,
  };
}

/** The smallest and the largest value that the bits can hold. */
export function storedRange({ bitsStored, signed }: PixelFormat): [number, number] {
  return signed ? [-(2 ** (bitsStored - 1)), 2 ** (bitsStored - 1) - 1] : [0, 2 ** bitsStored - 1];
}

function paddingOf({ dataSet }: DicomInstance, bits: number, signed: boolean): [number, number] | undefined {
  // Some writers give the sign of the value another way than that of the pixels: the bits decide.
  const value = (tag: string): number | undefined => {
    const raw = uint16(dataSet, tag);
    if (raw === undefined || bits > 16) return undefined;
    return signed ? (raw << 16) >> 16 : raw;
  };
  const one = value(tags.paddingValue);
  if (one === undefined) return undefined;
  const other = value(tags.paddingRangeLimit) ?? one;
  return [Math.min(one, other), Math.max(one, other)];
}
