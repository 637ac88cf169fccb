import { OptionError } from '@interseg/errors';
import { affineDistance, spacingFromAffine, type Affine } from '../affine/affine.ts';
import { isLittleEndian } from '../arrays.ts';
import type { Datatype } from './datatypes.ts';
import { affineFromHeader, lacksThirdAxis } from './grid.ts';
import { firstVoxelOffset, labelIntent, type NiftiHeader } from './header.ts';
import { quaternionFromAffine } from './quaternion.ts';

/** NIfTI's codes for millimetres and seconds. */
const millimetreUnit = 2;
const timeUnitMask = 0x38;
/** NIfTI's code for coordinates of unknown meaning: aligned to another image. */
const alignedCode = 2;
/** The largest extent that NIfTI-1 can store (16 bits). */
const largestExtent = 32767;

/** What {@link buildHeader} needs. */
export interface HeaderParts {
  readonly shape: readonly number[];
  readonly spacing: readonly number[];
  readonly affine: Affine;
  readonly datatype: Datatype;
  /** The smallest and largest value, if the values are labels. */
  readonly labelRange?: readonly [number, number];
  /** The header of the image on whose grid the volume lies. */
  readonly template?: NiftiHeader;
}

/**
 * Builds a NIfTI-1 header: unscaled, in millimetres, in the byte order of this machine.
 *
 * If the template has the same affine, its sform, qform and their codes are kept, so that programs that prefer either of
 * them see both images at the same position. Otherwise both are made from the affine; a sheared grid gets no qform,
 * because a quaternion cannot represent it.
 *
 * @throws OptionError when there are more than 7 axes or an extent over 32767
 */
export function buildHeader(parts: HeaderParts, file: string): NiftiHeader {
  const { shape, affine, template } = parts;
  if (shape.length < 1 || shape.length > 7 || !shape.every((n) => Number.isInteger(n) && n > 0 && n <= largestExtent)) {
    throw new OptionError(
      `${file}: found the shape ${shape.join(' × ')}, expected 1 to 7 extents from 1 to ${largestExtent}.`,
    );
  }
  const place =
    template && liesAt(template, affine, shape, file) ? placeFromTemplate(template) : placeFromAffine(affine, template);
  const spatial = spacingFromAffine(affine);
  const spacing = Array.from({ length: 7 }, (_, axis) => spatial[axis] ?? parts.spacing[axis] ?? 1);
  const [lowest, highest] = parts.labelRange ?? [0, 0];
  return {
    version: 1,
    littleEndian: isLittleEndian,
    singleFile: true,
    dimensions: [shape.length, ...Array.from({ length: 7 }, (_, axis) => shape[axis] ?? 1)],
    datatypeCode: parts.datatype.code,
    pixelDimensions: [place.handedness, ...spacing],
    voxelOffset: firstVoxelOffset[1],
    slope: 1,
    intercept: 0,
    displayMinimum: lowest,
    displayMaximum: highest,
    units: millimetreUnit | ((template?.units ?? 0) & timeUnitMask),
    intentCode: parts.labelRange ? labelIntent : 0,
    intentName: '',
    description: template?.description ?? '',
    ...place,
  };
}

type Place = Pick<NiftiHeader, 'qformCode' | 'sformCode' | 'quaternion' | 'quaternionOffset' | 'sformRows'> & {
  handedness: number;
};

/** Whether the template, in millimetres, has the affine (within a thousandth of a voxel). */
function liesAt(template: NiftiHeader, affine: Affine, shape: readonly number[], file: string): boolean {
  const unit = template.units & 7;
  if (unit !== millimetreUnit && unit !== 0) return false;
  if (template.sformCode <= 0 && template.qformCode <= 0) return false;
  // A matrix that was completed when it was read is written complete: other programs may refuse the original.
  if (lacksThirdAxis(template)) return false;
  return (
    affineDistance(affineFromHeader(template, file), affine, shape) < 1e-3 * Math.min(...spacingFromAffine(affine))
  );
}

function placeFromTemplate(template: NiftiHeader): Place {
  const { qformCode, sformCode, quaternion, quaternionOffset, sformRows } = template;
  const handedness = template.pixelDimensions[0]! < 0 ? -1 : 1;
  return { qformCode, sformCode, quaternion, quaternionOffset, sformRows, handedness };
}

function placeFromAffine(affine: Affine, template: NiftiHeader | undefined): Place {
  const form = quaternionFromAffine(affine, spacingFromAffine(affine));
  const code = Math.max(template?.sformCode ?? 0, template?.qformCode ?? 0) || alignedCode;
  return {
    qformCode: form ? code : 0,
    sformCode: code,
    quaternion: form?.quaternion ?? [0, 0, 0],
    quaternionOffset: [affine[0]![3]!, affine[1]![3]!, affine[2]![3]!],
    sformRows: affine.slice(0, 3),
    handedness: form?.handedness ?? 1,
  };
}
