import { firstVoxelOffset, headerBytes, type NiftiHeader } from './header.ts';

/** The 352 bytes before the voxels of a NIfTI-1 single file: the header, and four zeros for "no extensions". */
export function encodeHeader(header: NiftiHeader): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(firstVoxelOffset[1]);
  const view = new DataView(bytes.buffer);
  const { littleEndian } = header;
  const int16 = (start: number, ...values: readonly number[]): void =>
    values.forEach((value, index) => view.setInt16(start + 2 * index, value, littleEndian));
  const float32 = (start: number, ...values: readonly number[]): void =>
    values.forEach((value, index) => view.setFloat32(start + 4 * index, value, littleEndian));

  view.setInt32(0, headerBytes[1], littleEndian);
  // ANALYZE readers expect it; it has no meaning in NIfTI.
  bytes[38] = 'r'.charCodeAt(0);
  int16(40, ...header.dimensions);
  int16(68, header.intentCode, header.datatypeCode, 8 * bytesPerVoxel(header.datatypeCode));
  float32(76, ...header.pixelDimensions);
  float32(108, header.voxelOffset, header.slope, header.intercept);
  bytes[123] = header.units;
  float32(124, header.displayMaximum, header.displayMinimum);
  text(bytes, 148, 80, header.description);
  int16(252, header.qformCode, header.sformCode);
  float32(256, ...header.quaternion, ...header.quaternionOffset, ...header.sformRows.flat());
  text(bytes, 328, 16, header.intentName);
  text(bytes, 344, 4, 'n+1');
  return bytes;
}

function bytesPerVoxel(datatypeCode: number): number {
  return { 2: 1, 256: 1, 4: 2, 512: 2, 8: 4, 768: 4, 16: 4 }[datatypeCode] ?? 8;
}

/** Writes text as Latin-1 with at least one zero at the end, truncated to fit. */
function text(bytes: Uint8Array, start: number, length: number, value: string): void {
  for (let index = 0; index < Math.min(value.length, length - 1); index++) {
    bytes[start + index] = value.charCodeAt(index);
  }
}
