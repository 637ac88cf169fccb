import { DataError } from '@interseg/errors';
import { isInvertible, spacingFromAffine, type Affine } from '../affine/affine.ts';
import type { NiftiHeader } from './header.ts';
import { rotationFromQuaternion } from './quaternion.ts';

/** Millimetres per unit, for NIfTI's codes of metre, millimetre and micrometre; unknown units count as millimetres. */
const millimetresPerUnit: Readonly<Record<number, number>> = { 1: 1000, 2: 1, 3: 0.001 };

/**
 * The extents of a header's axes.
 *
 * @throws DataError if the number of axes is not 1 to 7 or an extent is not a whole number above 0
 */
export function shapeFromHeader(header: NiftiHeader, file: string): number[] {
  const axes = header.dimensions[0]!;
  if (!(axes >= 1 && axes <= 7)) throw new DataError(`${file}: found ${axes} axes in the header, expected 1 to 7.`);
  const shape = header.dimensions.slice(1, 1 + axes);
  if (!shape.every((extent) => Number.isSafeInteger(extent) && extent > 0)) {
    throw new DataError(
      `${file}: found impossible dimensions ${shape.join(' × ')} in the header, expected extents above 0.`,
    );
  }
  return shape;
}

/**
 * The affine of a header, in millimetres: from the matrix (sform) if its code is set, otherwise from the quaternion
 * (qform) if its code is set, otherwise from the spacings, with the first voxel at the origin.
 *
 * The matrix of a single slice may leave the third axis empty, as some writers of 2-D images do. No position depends on
 * it. It is then the normal of the slice (of a right-handed grid), with the length of the spacing.
 *
 * @throws DataError if the affine is not finite or maps different voxels to one position
 */
export function affineFromHeader(header: NiftiHeader, file: string): Affine {
  const unit = millimetresPerUnit[header.units & 7] ?? 1;
  const rows = header.sformCode > 0 ? sformRows(header) : header.qformCode > 0 ? qformRows(header) : pixelRows(header);
  const affine = [...rows.map((row) => row.map((value) => value * unit)), [0, 0, 0, 1]];
  if (!isInvertible(affine)) {
    const which = header.sformCode > 0 ? 'sform' : header.qformCode > 0 ? 'qform' : 'pixdim';
    throw new DataError(
      `${file}: the ${which} (${rows.map((row) => row.map((v) => Number(v.toPrecision(4))).join(' ')).join(', ')}) ` +
        'maps different voxels to one position, expected three independent axes of finite length.',
    );
  }
  return affine;
}

/** The spacing along each axis: in millimetres for the first three, in the unit of the file for the others. */
export function gridSpacing(affine: Affine, header: NiftiHeader, axes: number): number[] {
  const spatial = spacingFromAffine(affine);
  return Array.from({ length: axes }, (_, axis) => spatial[axis] ?? usable(header.pixelDimensions[axis + 1]!));
}

/** Whether the affine comes from the matrix of a single slice, which leaves the third axis empty. */
export function lacksThirdAxis({ sformCode, sformRows: rows, dimensions }: NiftiHeader): boolean {
  const slices = dimensions[0]! < 3 ? 1 : dimensions[3]!;
  return sformCode > 0 && slices === 1 && rows.every((row) => row[2] === 0);
}

function sformRows(header: NiftiHeader): readonly (readonly number[])[] {
  if (!lacksThirdAxis(header)) return header.sformRows;
  const [[ax, bx, , x], [ay, by, , y], [az, bz, , z]] = header.sformRows as [number[], number[], number[]];
  const normal = [ay! * bz! - az! * by!, az! * bx! - ax! * bz!, ax! * by! - ay! * bx!];
  const scale = usable(header.pixelDimensions[3]!) / Math.hypot(...normal);
  return [
    [ax!, bx!, normal[0]! * scale, x!],
    [ay!, by!, normal[1]! * scale, y!],
    [az!, bz!, normal[2]! * scale, z!],
  ];
}

function qformRows(header: NiftiHeader): number[][] {
  const [dx, dy, dz] = spatialPixels(header);
  // A negative first pixdim flips the third axis; old writers leave 0 there for 1.
  const handedness = header.pixelDimensions[0]! < 0 ? -1 : 1;
  const scales = [dx!, dy!, dz! * handedness];
  return rotationFromQuaternion(header.quaternion).map((row, world) => [
    ...row.map((value, axis) => value * scales[axis]!),
    header.quaternionOffset[world]!,
  ]);
}

function pixelRows(header: NiftiHeader): number[][] {
  return spatialPixels(header).map((length, world) => [0, 1, 2, 3].map((column) => (column === world ? length : 0)));
}

function spatialPixels(header: NiftiHeader): number[] {
  return [1, 2, 3].map((index) => usable(header.pixelDimensions[index]!));
}

/** A valid spacing: some writers leave 0 or NaN if it is unknown, or a sign, which belongs into the affine. */
function usable(spacing: number): number {
  return Number.isFinite(spacing) && spacing !== 0 ? Math.abs(spacing) : 1;
}
