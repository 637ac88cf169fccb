import { createRandom, type Random } from '../random/random.ts';
import { drawWarp } from './draw-warp.ts';
import { changeIntensities } from './intensities.ts';
import { isWithoutEffect, type Augmentation } from './settings.ts';
import { warpImage, warpMask, type AugmentedSlice } from './warp.ts';

/** All that the random changes of a slice depend on, in whichever order and process slices are augmented. */
export interface SliceDraw {
  readonly seed: number | string;
  readonly epoch: number;
  /** The id of the slice's case. */
  readonly id: string;
  /** Its index in the case. */
  readonly slice: number;
  /** Which of its appearances in the epoch this is, from 0. */
  readonly appearance: number;
}

/** What augmentation must know about images. */
export interface AugmentedImages {
  /** Whether intensities lie in [0, 1] and must stay there. */
  readonly isBounded: boolean;
  /** The height and width of a pixel, in any one unit. Defaults to square pixels. */
  readonly pixel?: readonly [number, number];
}

/** The source of random numbers for one appearance of a slice. */
export function sliceRandom({ seed, epoch, id, slice, appearance }: SliceDraw): Random {
  return createRandom(seed).fork(`augmentation ${epoch} ${appearance} ${slice} ${id}`);
}

/**
 * Changes a slice for training: one warp for image and mask (masks by nearest neighbour, so they stay 0 or 1), then the
 * intensities of the image.
 *
 * @returns new arrays, or the slice's own if nothing changes them
 */
export function augmentSlice(
  slice: AugmentedSlice,
  augmentation: Augmentation,
  random: Random,
  { isBounded, pixel }: AugmentedImages,
): AugmentedSlice {
  if (isWithoutEffect(augmentation)) return slice;
  const warp = drawWarp(augmentation, random, slice.size, pixel);
  const image = warp ? warpImage(slice, warp) : slice.image.slice();
  changeIntensities(image, slice.size, slice.channels, augmentation, random, isBounded);
  return { ...slice, image, mask: warp ? warpMask(slice, warp) : slice.mask };
}
