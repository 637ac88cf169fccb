import { OptionError } from '@interseg/errors';
import { affineDistance, spacingOf, type Affine } from '../affine/affine.ts';
import { isLittleEndian } from '../arrays.ts';
import type { Datatype } from './datatypes.ts';
import { affineOf, lacksThirdAxis } from './grid.ts';
import { FIRST_VOXEL_OFFSET, INTENT_LABEL, type NiftiHeader } from './header.ts';
import { quaternionOf } from './quaternion.ts';

/** NIfTI's codes for millimetres and seconds. */
const MILLIMETRES = 2;
const UNITS_OF_TIME = 0x38;
/** What coordinates mean when nothing is known: aligned to something, NIfTI's code 2. */
const ALIGNED = 2;
/** The largest extent that fits into the 16 bits of NIfTI-1. */
const LARGEST_EXTENT = 32767;

/** What a header is built from. */
export interface HeaderParts {
  readonly shape: readonly number[];
  readonly spacing: readonly number[];
  readonly affine: Affine;
  readonly datatype: Datatype;
  /** The range of the values when these are labels. */
  readonly labelRange?: readonly [number, number];
  /** The header of the image on whose grid this one lies. */
  readonly template?: NiftiHeader;
}

/**
 * A NIfTI-1 header, unscaled, in millimetres, in the machine's byte order.
 *
 * When the template lies where the affine says, its sform, its qform and their codes are kept, so that programs that
 * prefer one or the other see both images at one place. Otherwise both are made from the affine; a sheared grid gets no
 * qform, as a quaternion cannot hold it.
 *
 * @throws OptionError when there are more than 7 axes or an extent over 32767
 */
export function buildHeader(parts: HeaderParts, file: string): NiftiHeader {
  const { shape, affine, template } = parts;
  if (
    shape.length < 1 ||
    shape.length > 7 ||
    !shape.every((n) => Number.isInteger(n) && n > 0 && n <= LARGEST_EXTENT)
  ) {
    throw new OptionError(
      `${file}: the shape ${shape.join(' × ')}, expected 1 to 7 extents from 1 to ${LARGEST_EXTENT}.`,
    );
  }
  const place = template && liesAt(template, affine, shape, file) ? placeOf(template) : newPlace(affine, template);
  const spatial = spacingOf(affine);
  const spacing = Array.from({ length: 7 }, (_, axis) => spatial[axis] ?? parts.spacing[axis] ?? 1);
  const [lowest, highest] = parts.labelRange ?? [0, 0];
  return {
    version: 1,
    littleEndian: isLittleEndian,
    singleFile: true,
    dimensions: [shape.length, ...Array.from({ length: 7 }, (_, axis) => shape[axis] ?? 1)],
    datatypeCode: parts.datatype.code,
    pixelDimensions: [place.handedness, ...spacing],
    voxelOffset: FIRST_VOXEL_OFFSET[1],
    slope: 1,
    intercept: 0,
    displayMinimum: lowest,
    displayMaximum: highest,
    units: MILLIMETRES | ((template?.units ?? 0) & UNITS_OF_TIME),
    intentCode: parts.labelRange ? INTENT_LABEL : 0,
    intentName: '',
    description: template?.description ?? '',
    ...place,
  };
}

type Place = Pick<NiftiHeader, 'qformCode' | 'sformCode' | 'quaternion' | 'quaternionOffset' | 'sformRows'> & {
  handedness: number;
};

/** Whether the header puts this grid (to a thousandth of a voxel) where the affine does, both in millimetres. */
function liesAt(template: NiftiHeader, affine: Affine, shape: readonly number[], file: string): boolean {
  const unit = template.units & 7;
  if (unit !== MILLIMETRES && unit !== 0) return false;
  if (template.sformCode <= 0 && template.qformCode <= 0) return false;
  // What we complete when reading is written complete: other programs may refuse the matrix as it was.
  if (lacksThirdAxis(template)) return false;
  return affineDistance(affineOf(template, file), affine, shape) < 1e-3 * Math.min(...spacingOf(affine));
}

function placeOf(template: NiftiHeader): Place {
  const { qformCode, sformCode, quaternion, quaternionOffset, sformRows } = template;
  const handedness = template.pixelDimensions[0]! < 0 ? -1 : 1;
  return { qformCode, sformCode, quaternion, quaternionOffset, sformRows, handedness };
}

function newPlace(affine: Affine, template: NiftiHeader | undefined): Place {
  const form = quaternionOf(affine, spacingOf(affine));
  const code = Math.max(template?.sformCode ?? 0, template?.qformCode ?? 0) || ALIGNED;
  return {
    qformCode: form ? code : 0,
    sformCode: code,
    quaternion: form?.quaternion ?? [0, 0, 0],
    quaternionOffset: [affine[0]![3]!, affine[1]![3]!, affine[2]![3]!],
    sformRows: affine.slice(0, 3),
    handedness: form?.handedness ?? 1,
  };
}
