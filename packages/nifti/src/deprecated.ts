import { spacingFromAffine } from './affine/affine.ts';
import { orientationFromAffine } from './affine/orientation.ts';

// Names of earlier versions: to be removed with the next major version.

/** @deprecated Use `spacingFromAffine`. */
export const spacingOf = spacingFromAffine;

/** @deprecated Use `orientationFromAffine`. */
export const orientationOf = orientationFromAffine;
