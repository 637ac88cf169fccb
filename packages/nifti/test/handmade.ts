/** Fields of a NIfTI header by their names in the standard; what is left out is zero. */
export interface Fields {
  dim: number[];
  datatype: number;
  pixdim?: number[];
  vox_offset?: number;
  scl_slope?: number;
  scl_inter?: number;
  xyzt_units?: number;
  qform_code?: number;
  sform_code?: number;
  quatern?: [number, number, number];
  qoffset?: [number, number, number];
  srow?: number[][];
  magic?: string;
}

/** A NIfTI-1 header, byte by byte at the offsets of nifti1.h, without any code of this package. */
export function nifti1(fields: Fields, littleEndian = true): Buffer {
  const header = Buffer.alloc(348);
  const view = new DataView(header.buffer, header.byteOffset, 348);
  const shorts = (at: number, values: number[]): void =>
    values.forEach((v, q) => view.setInt16(at + 2 * q, v, littleEndian));
  const floats = (at: number, values: number[]): void =>
    values.forEach((v, q) => view.setFloat32(at + 4 * q, v, littleEndian));
  view.setInt32(0, 348, littleEndian);
  shorts(40, fields.dim);
  shorts(70, [fields.datatype]);
  floats(76, fields.pixdim ?? [1, 1, 1, 1, 1, 1, 1, 1]);
  floats(108, [fields.vox_offset ?? 352, fields.scl_slope ?? 0, fields.scl_inter ?? 0]);
  header[123] = fields.xyzt_units ?? 2;
  shorts(252, [fields.qform_code ?? 0, fields.sform_code ?? 0]);
  floats(256, [...(fields.quatern ?? [0, 0, 0]), ...(fields.qoffset ?? [0, 0, 0])]);
  floats(280, (fields.srow ?? []).flat());
  header.write(fields.magic ?? 'n+1\0', 344, 'latin1');
  return header;
}

/** A NIfTI-2 header, byte by byte at the offsets of nifti2.h. */
export function nifti2(fields: Fields, littleEndian = true): Buffer {
  const header = Buffer.alloc(540);
  const view = new DataView(header.buffer, header.byteOffset, 540);
  const doubles = (at: number, values: number[]): void =>
    values.forEach((v, q) => view.setFloat64(at + 8 * q, v, littleEndian));
  view.setInt32(0, 540, littleEndian);
  header.write(fields.magic ?? 'n+2\0\r\n\x1a\n', 4, 'latin1');
  view.setInt16(12, fields.datatype, littleEndian);
  fields.dim.forEach((v, q) => view.setBigInt64(16 + 8 * q, BigInt(v), littleEndian));
  doubles(104, fields.pixdim ?? [1, 1, 1, 1, 1, 1, 1, 1]);
  view.setBigInt64(168, BigInt(fields.vox_offset ?? 544), littleEndian);
  doubles(176, [fields.scl_slope ?? 0, fields.scl_inter ?? 0]);
  view.setInt32(344, fields.qform_code ?? 0, littleEndian);
  view.setInt32(348, fields.sform_code ?? 0, littleEndian);
  doubles(352, [...(fields.quatern ?? [0, 0, 0]), ...(fields.qoffset ?? [0, 0, 0])]);
  doubles(400, (fields.srow ?? []).flat());
  view.setInt32(500, fields.xyzt_units ?? 2, littleEndian);
  return header;
}

/** Header, four bytes about extensions, voxels. */
export function file(header: Buffer, voxels: ArrayLike<number> | Buffer, extension: Buffer = Buffer.alloc(4)): Buffer {
  return Buffer.concat([header, extension, Buffer.from(voxels as ArrayLike<number>)]);
}
