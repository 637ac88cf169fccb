import { DataError } from '@interseg/errors';
import { isInvertible, spacingFromAffine, type Affine } from '../affine/affine.ts';
import type { NiftiHeader } from './header.ts';
import { rotationFromQuaternion } from './quaternion.ts';

/** Millimetres in NIfTI's units of length: metre, millimetre, micrometre; unknown is taken as millimetre. */
const millimetresPerUnit: Readonly<Record<number, number>> = { 1: 1000, 2: 1, 3: 0.001 };

/**
 * The extents of the axes, as the header says them.
 *
 * @throws DataError when the number of axes is not 1 to 7 or an extent is not a positive whole number
 */
export function shapeFromHeader(header: NiftiHeader, file: string): number[] {
  const axes = header.dimensions[0]!;
  if (!(axes >= 1 && axes <= 7)) throw new DataError(`${file}: ${axes} axes in the header, expected 1 to 7.`);
  const shape = header.dimensions.slice(1, 1 + axes);
  if (!shape.every((extent) => Number.isSafeInteger(extent) && extent > 0)) {
    throw new DataError(
      `${file}: impossible dimensions ${shape.join(' × ')} in the header, expected positive extents.`,
    );
  }
  return shape;
}

/**
 * Where the voxels lie, in millimetres: by the matrix (sform) when its code is set, else by the quaternion (qform) when
 * its code is set, else by the spacings alone, with the first voxel at the origin.
 *
 * The matrix of a single slice may leave the third axis empty, as some writers of 2-D images do. Where the voxels lie
 * does not depend on it; it then becomes the normal of the slice (of a right-handed grid), as long as the spacing says.
 *
 * @throws DataError when the matrix or quaternion that counts is not finite or flattens the grid
 */
export function affineFromHeader(header: NiftiHeader, file: string): Affine {
  const unit = millimetresPerUnit[header.units & 7] ?? 1;
  const rows = header.sformCode > 0 ? sformRows(header) : header.qformCode > 0 ? qformRows(header) : pixelRows(header);
  const affine = [...rows.map((row) => row.map((value) => value * unit)), [0, 0, 0, 1]];
  if (!isInvertible(affine)) {
    const which = header.sformCode > 0 ? 'sform' : header.qformCode > 0 ? 'qform' : 'pixdim';
    throw new DataError(
      `${file}: the ${which} (${rows.map((row) => row.map((v) => Number(v.toPrecision(4))).join(' ')).join(', ')}) ` +
        'puts different voxels at one place, expected three axes of a finite length.',
    );
  }
  return affine;
}

/** The spacing along each axis: millimetres for the first three, the file's own unit beyond. */
export function gridSpacing(affine: Affine, header: NiftiHeader, axes: number): number[] {
  const spatial = spacingFromAffine(affine);
  return Array.from({ length: axes }, (_, axis) => spatial[axis] ?? usable(header.pixelDimensions[axis + 1]!));
}

/** Whether the matrix counts and says nothing about the third axis of what is a single slice. */
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
  // Any negative first pixdim flips the third axis; 0 is how old writers say 1.
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

/** A spacing of 0 or NaN is how writers leave it out; a negative one is a direction that belongs elsewhere. */
function usable(spacing: number): number {
  return Number.isFinite(spacing) && spacing !== 0 ? Math.abs(spacing) : 1;
}
