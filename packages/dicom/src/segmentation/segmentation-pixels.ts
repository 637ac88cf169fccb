import { DataError } from '@interseg/errors';
import type { DicomInstance } from '../parsing/instance.ts';
import { FrameDecoder } from '../pixels/decoding/frame-decoder.ts';
import { pixelFormat } from '../pixels/pixel-format.ts';
import { openFrames } from '../pixels/read-frame.ts';
import { storedValues } from '../pixels/stored-values.ts';
import { AttributeReader } from '../encoding/attribute-reader.ts';
import { forEachSetBit } from './pack-bits.ts';
import type { SegmentationVolume } from './read-segmentation.ts';

/** The pixels of a segmentation. */
export interface SegmentationPixels {
  /**
   * Calls back for each pixel of a frame that is not 0: with its fraction from above 0 to 1, or with its value where
   * pixels are numbers of segments.
   */
  forEach(frame: number, visit: (column: number, row: number, value: number) => void): Promise<void>;
}

/** JPEG of all kinds, JPEG-LS and JPEG 2000. */
const jpegs = '1.2.840.10008.1.2.4.';

/**
 * The pixels of an object of one bit, or of whole bytes, which may be compressed as RLE.
 *
 * @param most the value that means 1
 * @throws DataError if the file ends before the pixels do, or has another number of bits
 */
export async function segmentationPixels(
  instance: DicomInstance,
  kind: SegmentationVolume['kind'],
  most: number,
): Promise<SegmentationPixels> {
  const { name, rows, columns, transferSyntax } = instance;
  if (rows === 0 || columns === 0) {
    throw new DataError(`${name}: found an image without a size, expected rows and columns.`);
  }
  if (new AttributeReader(instance.dataSet).number('BitsAllocated') === 1) return packedPixels(instance);
  // Programs do not write them, so that they are not worth a worker.
  const refuse = (): never => {
    throw new DataError(`${name}: found the encoding ${transferSyntax}, expected one without compression, or RLE.`);
  };
  if (transferSyntax.startsWith(jpegs)) refuse();
  const format = pixelFormat(instance);
  const frames = await openFrames(instance, format, new FrameDecoder(refuse, 1));
  const divisor = kind === 'FRACTIONAL' ? Math.max(1, most) : 1;
  return {
    async forEach(frame, visit) {
      const { bytes, bigEndian } = await frames.read(frame);
      const values = storedValues(bytes, format, bigEndian);
      for (let row = 0, index = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++, index++) {
          const value = values[index]!;
          if (value !== 0) visit(column, row, kind === 'BINARY' ? 1 : value / divisor);
        }
      }
    },
  };
}

function packedPixels({ name, rows, columns, frames, pixels, source }: DicomInstance): SegmentationPixels {
  const perFrame = rows * columns;
  const needed = Math.ceil((perFrame * frames) / 8);
  if (pixels?.length === undefined) {
    throw new DataError(`${name}: found compressed pixels of one bit, expected ones that are not compressed.`);
  }
  const found = Math.max(0, Math.min(pixels.length, source.size - pixels.offset));
  if (found < needed) {
    throw new DataError(
      `${name}: found ${found} bytes of pixels, expected ${needed} for ${frames} frames of ${columns} × ${rows}.`,
    );
  }
  return {
    async forEach(frame, visit) {
      const first = frame * perFrame;
      const offset = pixels.offset + (first >> 3);
      const bits = await source.read(offset, pixels.offset + Math.ceil((first + perFrame) / 8));
      forEachSetBit(bits, first & 7, perFrame, (index) => {
        visit(index % columns, Math.floor(index / columns), 1);
      });
    },
  };
}
