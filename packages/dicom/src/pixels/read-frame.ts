import { DataError } from '@interseg/errors';
import type { DicomInstance } from '../parsing/instance.ts';
import type { PixelFormat } from './pixel-format.ts';

const bigEndianSyntax = '1.2.840.10008.1.2.2';
/** Implicit and explicit little-endian, deflated and big-endian. */
const uncompressed = new Set(['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.1.99', bigEndianSyntax]);

/** The pixels of a frame, uncompressed. */
export interface Frame {
  readonly bytes: Uint8Array;
  readonly bigEndian: boolean;
}

/**
 * Checks that the file has, or can have, as many bytes as its frames need, before memory is allocated.
 *
 * @throws DataError if it has not, or has an encoding that is not known
 */
export function checkFrames(
  { name, pixels, frames, source, transferSyntax }: DicomInstance,
  format: PixelFormat,
): void {
  if (!uncompressed.has(transferSyntax)) {
    throw new DataError(`${name}: found the encoding ${transferSyntax}, expected one that is not compressed.`);
  }
  const needed = format.frameBytes * frames;
  const found = Math.min(pixels?.length ?? 0, source.size - (pixels?.offset ?? 0));
  if (found < needed) {
    throw new DataError(
      `${name}: found ${Math.max(0, found)} bytes of pixels, ` +
        `expected ${needed} for ${format.columns} × ${format.rows} pixels${frames > 1 ? ` and ${frames} frames` : ''}.`,
    );
  }
}

/** Reads a frame of a file that {@link checkFrames} accepted. @throws DataError if the file ends too early */
export async function readFrame(
  { name, pixels, source, transferSyntax }: DicomInstance,
  format: PixelFormat,
  frame: number,
): Promise<Frame> {
  const start = pixels!.offset + frame * format.frameBytes;
  const bytes = await source.read(start, start + format.frameBytes);
  if (bytes.length !== format.frameBytes) {
    throw new DataError(`${name}: found ${bytes.length} bytes of pixels, expected ${format.frameBytes}.`);
  }
  return { bytes, bigEndian: transferSyntax === bigEndianSyntax };
}
