import { augmentPatch, augmentPatchTwice, sliceRandom } from '../../augmentation/augment.ts';
import type { Augmentation } from '../../augmentation/settings.ts';
import type { AugmentedSlice } from '../../augmentation/warp.ts';
import type { PreparedCase } from '../preparation/prepared-case.ts';
import { drawPatch, type PatchSettings } from './draw-patch.ts';

/** The part of a prepared case that a batch needs. */
export type SliceStack = Pick<
  PreparedCase,
  'id' | 'size' | 'pixel' | 'channels' | 'classes' | 'images' | 'masks' | 'objects'
>;

/** One slice of a batch. */
export interface BatchSlice {
  readonly prepared: SliceStack;
  readonly slice: number;
  /** The slices whose channels are the input, in order. Defaults to the slice alone. */
  readonly inputs?: readonly number[];
  /** Counts the occurrences of the slice in the epoch, from 0. */
  readonly appearance: number;
}

/** How the slices of an epoch are shown. */
export interface EpochAugmentation {
  readonly augmentation: Augmentation;
  /** Whether intensities lie in [0, 1]. */
  readonly isBounded: boolean;
  /** Shows patches of the slices; whole slices without it. */
  readonly patch?: PatchSettings;
  readonly seed: number | string;
  readonly epoch: number;
  /** Whether every slice is shown in a second view, too, which differs in its intensities alone. Defaults to false. */
  readonly isTwice?: boolean;
}

/** The arrays of a batch, row-major. */
export interface BatchArrays {
  /** [N, H, W, C]. */
  readonly images: Float32Array<ArrayBuffer>;
  /** [N, H, W, K]. */
  readonly masks: Float32Array<ArrayBuffer>;
  /** The second view of the images. */
  readonly otherImages?: Float32Array<ArrayBuffer>;
}

/** Copies slices, or patches of them, into new arrays and augments them. The mask of a slice without labels is 0. */
export function assembleBatch(parts: readonly BatchSlice[], epoch: EpochAugmentation): BatchArrays {
  const first = showSlice(parts[0]!, epoch);
  const array = (values: Float32Array) => new Float32Array(parts.length * values.length);
  const images = array(first.image);
  const masks = array(first.mask);
  const otherImages = first.otherImage && array(first.otherImage);
  parts.forEach((part, index) => {
    const { image, mask, otherImage } = index === 0 ? first : showSlice(part, epoch);
    images.set(image, index * image.length);
    masks.set(mask, index * mask.length);
    if (otherImage) otherImages?.set(otherImage, index * image.length);
  });
  return { images, masks, ...(otherImages && { otherImages }) };
}

/** A slice, or a patch of it, as an epoch shows it, with its second view if there is one: it depends on the arguments alone. */
export function showSlice(
  { prepared, slice, inputs = [slice], appearance }: BatchSlice,
  { augmentation, isBounded, patch: settings, seed, epoch, isTwice = false }: EpochAugmentation,
): AugmentedSlice & { readonly otherImage?: Float32Array } {
  const { id, size, pixel, channels, classes } = prepared;
  const pixels = size[0] * size[1];
  const images = inputs.map((one) => elementsOfSlice(prepared.images, one, pixels * channels));
  const mask = prepared.masks
    ? elementsOfSlice(prepared.masks, slice, pixels * classes)
    : new Uint8Array(pixels * classes);
  const random = sliceRandom({ seed, epoch, id, slice, appearance });
  const patch = settings ? drawPatch(prepared, slice, settings, random) : ({ corner: [0, 0], size } as const);
  const augment = isTwice ? augmentPatchTwice : augmentPatch;
  return augment({ size, images, channels, mask, classes }, patch, augmentation, random, { isBounded, pixel });
}

function elementsOfSlice<T extends Float32Array | Uint8Array>(stack: T, slice: number, length: number): T {
  return stack.subarray(slice * length, (slice + 1) * length) as T;
}
