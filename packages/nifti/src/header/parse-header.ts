import { DataError } from '@interseg/errors';
import { headerBytes, type NiftiHeader } from './header.ts';

/**
 * The version and byte order of a header, which follow from its first number: its length, 348 or 540.
 *
 * @param bytes at least the first four bytes
 * @param file the file's name, for the error
 * @throws DataError if it is not NIfTI
 */
export function headerKind(bytes: Uint8Array, file: string): { version: 1 | 2; littleEndian: boolean } {
  if (bytes.byteLength >= 4) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (const littleEndian of [true, false]) {
      const length = view.getInt32(0, littleEndian);
      if (length === headerBytes[1]) return { version: 1, littleEndian };
      if (length === headerBytes[2]) return { version: 2, littleEndian };
    }
  }
  throw new DataError(
    `${file}: not a NIfTI file (the first bytes are ${hexadecimal(bytes.subarray(0, 4))}), ` +
      'expected a header that begins with its length, 348 or 540.',
  );
}

/**
 * Decodes a header.
 *
 * @param bytes 348 or 540 bytes, as {@link headerKind} says
 * @param file the file's name, for errors
 * @throws DataError if there are too few bytes or the magic is wrong
 */
export function parseHeader(bytes: Uint8Array, file: string): NiftiHeader {
  const { version, littleEndian } = headerKind(bytes, file);
  if (bytes.byteLength < headerBytes[version]) {
    throw new DataError(
      `${file}: the file ends after ${bytes.byteLength} bytes, ` +
        `expected a NIfTI-${version} header of ${headerBytes[version]} bytes.`,
    );
  }
  const singleFile = readMagic(bytes, version, file);
  const fields = new Fields(bytes, littleEndian);
  return version === 1 ? decode1(fields, singleFile) : decode2(fields, singleFile);
}

/** The four bytes after the magic of NIfTI-2, which reveal a copy with converted line endings (as in PNG). */
const endsOfLines = '\r\n\x1a\n';

/** Whether header and voxels are in one file. @throws DataError if the magic is wrong */
function readMagic(bytes: Uint8Array, version: 1 | 2, file: string): boolean {
  const offset = version === 1 ? 344 : 4;
  const magic = String.fromCharCode(...bytes.subarray(offset, offset + 4));
  if (magic !== `n+${version}\0` && magic !== `ni${version}\0`) {
    const found = magic === '\0\0\0\0' ? 'no magic (an ANALYZE 7.5 header)' : `the magic ${JSON.stringify(magic)}`;
    throw new DataError(`${file}: ${found}, expected "n+${version}" or "ni${version}" of NIfTI-${version}.`);
  }
  if (version === 2 && String.fromCharCode(...bytes.subarray(8, 12)) !== endsOfLines) {
    throw new DataError(
      `${file}: the bytes ${hexadecimal(bytes.subarray(8, 12))} after the magic of NIfTI-2, expected 0d 0a 1a 0a: ` +
        'the file was probably transferred as text.',
    );
  }
  return magic.startsWith('n+');
}

/** Reads numbers at byte offsets, in the byte order of the file. */
class Fields {
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    readonly littleEndian: boolean,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  byte = (offset: number): number => this.view.getUint8(offset);
  int16 = (offset: number): number => this.view.getInt16(offset, this.littleEndian);
  int32 = (offset: number): number => this.view.getInt32(offset, this.littleEndian);
  int64 = (offset: number): number => Number(this.view.getBigInt64(offset, this.littleEndian));
  float32 = (offset: number): number => this.view.getFloat32(offset, this.littleEndian);
  float64 = (offset: number): number => this.view.getFloat64(offset, this.littleEndian);

  /** Text up to the first zero byte. */
  text(offset: number, length: number): string {
    const end = this.bytes.subarray(offset, offset + length).indexOf(0);
    return String.fromCharCode(...this.bytes.subarray(offset, offset + (end < 0 ? length : end)));
  }
}

/** `count` numbers, `step` bytes apart. */
function series(read: (offset: number) => number, start: number, step: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => read(start + step * index));
}

function decode1(fields: Fields, singleFile: boolean): NiftiHeader {
  const { byte, int16, float32 } = fields;
  return {
    version: 1,
    littleEndian: fields.littleEndian,
    singleFile,
    dimensions: series(int16, 40, 2, 8),
    intentCode: int16(68),
    datatypeCode: int16(70),
    pixelDimensions: series(float32, 76, 4, 8),
    voxelOffset: float32(108),
    slope: float32(112),
    intercept: float32(116),
    units: byte(123),
    displayMaximum: float32(124),
    displayMinimum: float32(128),
    description: fields.text(148, 80),
    qformCode: int16(252),
    sformCode: int16(254),
    quaternion: [float32(256), float32(260), float32(264)],
    quaternionOffset: [float32(268), float32(272), float32(276)],
    sformRows: [280, 296, 312].map((start) => series(float32, start, 4, 4)),
    intentName: fields.text(328, 16),
  };
}

function decode2(fields: Fields, singleFile: boolean): NiftiHeader {
  const { int16, int32, int64, float64 } = fields;
  return {
    version: 2,
    littleEndian: fields.littleEndian,
    singleFile,
    datatypeCode: int16(12),
    dimensions: series(int64, 16, 8, 8),
    pixelDimensions: series(float64, 104, 8, 8),
    voxelOffset: int64(168),
    slope: float64(176),
    intercept: float64(184),
    displayMaximum: float64(192),
    displayMinimum: float64(200),
    description: fields.text(240, 80),
    qformCode: int32(344),
    sformCode: int32(348),
    quaternion: [float64(352), float64(360), float64(368)],
    quaternionOffset: [float64(376), float64(384), float64(392)],
    sformRows: [400, 432, 464].map((start) => series(float64, start, 8, 4)),
    units: int32(500),
    intentCode: int32(504),
    intentName: fields.text(508, 16),
  };
}

function hexadecimal(bytes: Uint8Array): string {
  return bytes.length === 0 ? 'none' : Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
