import { createRandom, type Random } from '../random/random.ts';
import { drawWarp } from './draw-warp.ts';
import { changeIntensities } from './intensities.ts';
import { isWithoutEffect, type Augmentation } from './settings.ts';
import { copyImage, copyMask, type Patch } from './patch.ts';
import { warpImage, warpMask, type AugmentedSlice, type SliceMask } from './warp.ts';

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
  images: AugmentedImages,
): AugmentedSlice {
  if (isWithoutEffect(augmentation)) return slice;
  const { image, ...rest } = slice;
  const patch = { corner: [0, 0], size: slice.size } as const;
  return augmentPatch({ ...rest, images: [image] }, patch, augmentation, random, images);
}

/** A slice that patches are taken from, with its neighbours. */
export interface PatchSource {
  /** [height, width]. */
  readonly size: readonly [number, number];
  /** [H, W, C] each; the channels of the result are those of the first image, then those of the second, and so on. */
  readonly images: readonly Float32Array[];
  /** Of each image. */
  readonly channels: number;
  /** How many slices stand side by side in the channels of each image, as in {@link AugmentedSlice}. Defaults to 1. */
  readonly contextSlices?: number;
  readonly mask: SliceMask;
  readonly classes: number;
}

/**
 * Takes a patch from a slice and changes it as {@link augmentSlice} does a slice. Cutting and warping are one step: a patch
 * that is turned or shrunk shows the slice beyond its own edge, and zeros only beyond the slice.
 *
 * @param patch lies in the slice
 * @returns new arrays
 */
export function augmentPatch(
  source: PatchSource,
  patch: Patch,
  augmentation: Augmentation,
  random: Random,
  images: AugmentedImages,
): AugmentedSlice {
  const slice = warpPatch(source, patch, augmentation, random, images);
  if (!isWithoutEffect(augmentation)) changeSlice(slice, augmentation, random, images);
  return slice;
}

/**
 * As {@link augmentPatch}, with a second view of the image: the same warp, so that pixels show the same places, and
 * intensities that are drawn once more.
 */
export function augmentPatchTwice(
  source: PatchSource,
  patch: Patch,
  augmentation: Augmentation,
  random: Random,
  images: AugmentedImages,
): AugmentedSlice & { readonly otherImage: Float32Array } {
  const slice = warpPatch(source, patch, augmentation, random, images);
  const other = { ...slice, image: slice.image.slice() };
  if (!isWithoutEffect(augmentation)) {
    changeSlice(slice, augmentation, random, images);
    changeSlice(other, augmentation, random.fork('other view'), images);
  }
  return { ...slice, otherImage: other.image };
}

function changeSlice(slice: AugmentedSlice, augmentation: Augmentation, random: Random, images: AugmentedImages): void {
  changeIntensities(slice, augmentation, random, images.isBounded);
}

/** A patch of a slice before its intensities are changed. */
function warpPatch(
  source: PatchSource,
  patch: Patch,
  augmentation: Augmentation,
  random: Random,
  { pixel }: AugmentedImages,
): AugmentedSlice {
  const { images, classes } = source;
  const { size } = patch;
  const warp = isWithoutEffect(augmentation) ? undefined : drawWarp(augmentation, random, size, pixel, patch.corner);
  const channels = images.length * source.channels;
  const image = new Float32Array(size[0] * size[1] * channels);
  images.forEach((values, index) => {
    const one = { size: source.size, image: values, channels: source.channels };
    const at = { first: index * source.channels, step: channels };
    if (warp) warpImage(one, warp, image, at);
    else copyImage(one, patch, image, at);
  });
  const contextSlices = images.length * (source.contextSlices ?? 1);
  return {
    size,
    image,
    channels,
    ...(contextSlices > 1 && { contextSlices }),
    mask: warp ? warpMask(source, warp) : copyMask(source, patch),
    classes,
  };
}
