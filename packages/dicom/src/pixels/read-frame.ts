import { DataError } from '@interseg/errors';
import type { DicomInstance } from '../parsing/instance.ts';
import type { CodecKind } from './decoding/decode-worker.ts';
import type { FrameDecoder } from './decoding/frame-decoder.ts';
import { encodedSize } from './encoded-size.ts';
import { findFragments, readFragments, type Fragment } from './fragments.ts';
import type { PixelFormat } from './pixel-format.ts';
import { decodeRle } from './rle.ts';

const bigEndianSyntax = '1.2.840.10008.1.2.2';
/** Implicit and explicit little-endian, deflated and big-endian. */
const uncompressed = new Set(['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.1.99', bigEndianSyntax]);
const rle = '1.2.840.10008.1.2.5';
const codecs: Readonly<Record<string, CodecKind>> = {
  '1.2.840.10008.1.2.4.50': 'jpeg',
  '1.2.840.10008.1.2.4.51': 'jpeg',
  '1.2.840.10008.1.2.4.57': 'jpeg-lossless',
  '1.2.840.10008.1.2.4.70': 'jpeg-lossless',
  '1.2.840.10008.1.2.4.80': 'jpeg-ls',
  '1.2.840.10008.1.2.4.81': 'jpeg-ls',
  '1.2.840.10008.1.2.4.90': 'jpeg-2000',
  '1.2.840.10008.1.2.4.91': 'jpeg-2000',
};

/** How much larger pixels may become: PackBits makes 128 bytes of 2, the others of an empty image thousands. */
const largestGrowth = { rle: 64, codec: 4096 };
/** What may be needed whatever the size of the file: 16 MiB. */
const harmlessBytes = 1 << 24;

/** The pixels of a frame, uncompressed. */
export interface Frame {
  readonly bytes: Uint8Array;
  readonly bigEndian: boolean;
}

/** Gives the frames of a file. */
export interface FrameReader {
  /** @throws DataError if the frame is damaged, or the file ends too early */
  read(frame: number): Promise<Frame>;
}

/**
 * Prepares reading the frames of a file: checks that it has, or can have, as many bytes as they need, before memory is
 * allocated.
 *
 * @param decoder decodes what needs a codec
 * @throws DataError if it has not, or has an encoding that is not known
 */
export async function openFrames(
  instance: DicomInstance,
  format: PixelFormat,
  decoder: FrameDecoder,
): Promise<FrameReader> {
  const { name, transferSyntax } = instance;
  if (uncompressed.has(transferSyntax)) return plainFrames(instance, format);
  const kind = transferSyntax === rle ? 'rle' : codecs[transferSyntax];
  if (kind === undefined) {
    const known = /^[\d.]{1,64}$/.test(transferSyntax) ? transferSyntax : 'that is no UID';
    throw new DataError(
      `${name}: found the encoding ${known}, expected one without compression, RLE, JPEG, JPEG-LS or JPEG 2000.`,
    );
  }
  if (kind !== 'rle' && format.bitsAllocated > 16) {
    throw new DataError(`${name}: found ${format.bitsAllocated} bits for a pixel in JPEG, expected 8 or 16.`);
  }
  const fragments = await findFragments(instance);
  fragments.forEach((parts) => checkGrowth(parts, format, kind === 'rle' ? 'rle' : 'codec', name));
  const packed = (frame: number): Promise<Uint8Array> => readFragments(instance, fragments[frame]!);
  return {
    async read(frame) {
      const bytes = await packed(frame);
      if (kind !== 'rle') return { bytes: await decode(bytes, kind, format, decoder, name), bigEndian: false };
      const pixels = format.rows * format.columns;
      return { bytes: decodeRle(bytes, pixels, format.bitsAllocated / 8, name), bigEndian: false };
    },
  };
}

function plainFrames(
  { name, pixels, frames, source, transferSyntax }: DicomInstance,
  format: PixelFormat,
): FrameReader {
  const { frameBytes, columns, rows } = format;
  const offset = pixels?.offset ?? 0;
  const found = Math.max(0, Math.min(pixels?.length ?? 0, source.size - offset));
  if (found < frameBytes * frames) {
    throw new DataError(
      `${name}: found ${found} bytes of pixels, ` +
        `expected ${frameBytes * frames} for ${columns} × ${rows} pixels${frames > 1 ? ` and ${frames} frames` : ''}.`,
    );
  }
  return {
    async read(frame) {
      const start = offset + frame * frameBytes;
      const bytes = await source.read(start, start + frameBytes);
      if (bytes.length !== frameBytes) {
        throw new DataError(`${name}: found ${bytes.length} bytes of pixels, expected ${frameBytes}.`);
      }
      return { bytes, bigEndian: transferSyntax === bigEndianSyntax };
    },
  };
}

function checkGrowth(
  parts: readonly Fragment[],
  { frameBytes, columns, rows }: PixelFormat,
  kind: 'rle' | 'codec',
  name: string,
): void {
  const found = parts.reduce((sum, { length }) => sum + length, 0);
  const most = found * largestGrowth[kind];
  if (frameBytes <= most || (kind === 'codec' && frameBytes <= harmlessBytes && found > 0)) return;
  throw new DataError(
    `${name}: found ${found} bytes of encoded pixels, expected more for ${columns} × ${rows} pixels.`,
  );
}

async function decode(
  packed: Uint8Array,
  kind: CodecKind,
  { rows, columns, bitsAllocated }: PixelFormat,
  decoder: FrameDecoder,
  name: string,
): Promise<Uint8Array> {
  const size = encodedSize(packed, kind);
  if (size === undefined || size.rows !== rows || size.columns !== columns || size.samples !== 1) {
    const found = size ? `${size.columns} × ${size.rows} pixels of ${size.samples} samples` : 'no size';
    throw new DataError(`${name}: found ${found} in the encoded pixels, expected ${columns} × ${rows} grey ones.`);
  }
  if (kind === 'jpeg' && size.bits !== 8) {
    throw new DataError(`${name}: found JPEG of ${size.bits} bits with loss, expected 8 bits.`);
  }
  const width = bitsAllocated / 8;
  const { bytes, bytesPerPixel } = await decoder.decode(
    { kind, bytes: packed, bytesPerPixel: width },
    rows * columns,
    name,
  );
  if (bytes.length !== rows * columns * bytesPerPixel || bytesPerPixel > width) {
    throw new DataError(`${name}: found ${bytes.length} bytes of decoded pixels, expected ${rows * columns * width}.`);
  }
  if (bytesPerPixel === width) return bytes;
  const wide = new Uint8Array(rows * columns * width);
  for (let i = 0; i < bytes.length; i++) wide[width * i] = bytes[i]!;
  return wide;
}
