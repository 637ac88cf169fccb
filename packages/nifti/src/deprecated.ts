import { spacingFromAffine } from './affine/affine.ts';
import { orientationFromAffine } from './affine/orientation.ts';

// Names of earlier versions: to be removed with the next major version.

/** @deprecated Use {@link spacingFromAffine}. */
export const spacingOf = spacingFromAffine;

/** @deprecated Use {@link orientationFromAffine}. */
export const orientationOf = orientationFromAffine;
