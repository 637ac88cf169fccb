export {
  affineDistance,
  applyAffine,
  determinant,
  isInvertible,
  scalingAffine,
  spacingFromAffine,
  type Affine,
  type Triple,
} from './affine/affine.ts';
export {
  canonicalAffine,
  canonicalView,
  fromCanonical,
  orientationName,
  orientationFromAffine,
  toCanonical,
  type CanonicalView,
  type Orientation,
} from './affine/orientation.ts';
export { elementCount, emptyLike, type TypedBigIntArray, type TypedNumberArray } from './arrays.ts';
export type { NiftiHeader } from './header/header.ts';
export type { ReadLimits, Volume } from './read/volume.ts';
export { encodeNifti, type EncodeOptions, type WritableVolume } from './write/encode-nifti.ts';
export { orientationOf, spacingOf } from './deprecated.ts';
