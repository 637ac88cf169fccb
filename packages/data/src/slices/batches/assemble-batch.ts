import { augmentPatch, sliceRandom } from '../../augmentation/augment.ts';
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
}

/**
 * Copies slices, or patches of them, into new arrays and augments them. The mask of a slice without labels is 0.
 *
 * @returns images [N, H, W, C] and masks [N, H, W, K]
 */
export function assembleBatch(
  parts: readonly BatchSlice[],
  epoch: EpochAugmentation,
): { images: Float32Array<ArrayBuffer>; masks: Float32Array<ArrayBuffer> } {
  const first = showSlice(parts[0]!, epoch);
  const images = new Float32Array(parts.length * first.image.length);
  const masks = new Float32Array(parts.length * first.mask.length);
  parts.forEach((part, index) => {
    const { image, mask } = index === 0 ? first : showSlice(part, epoch);
    images.set(image, index * image.length);
    masks.set(mask, index * mask.length);
  });
  return { images, masks };
}

/** A slice, or a patch of it, as an epoch shows it: it depends on the arguments alone. */
export function showSlice(
  { prepared, slice, inputs = [slice], appearance }: BatchSlice,
  { augmentation, isBounded, patch: settings, seed, epoch }: EpochAugmentation,
): AugmentedSlice {
  const { id, size, pixel, channels, classes } = prepared;
  const pixels = size[0] * size[1];
  const images = inputs.map((one) => elementsOfSlice(prepared.images, one, pixels * channels));
  const mask = prepared.masks
    ? elementsOfSlice(prepared.masks, slice, pixels * classes)
    : new Uint8Array(pixels * classes);
  const random = sliceRandom({ seed, epoch, id, slice, appearance });
  const patch = settings ? drawPatch(prepared, slice, settings, random) : ({ corner: [0, 0], size } as const);
  return augmentPatch({ size, images, channels, mask, classes }, patch, augmentation, random, { isBounded, pixel });
}

function elementsOfSlice<T extends Float32Array | Uint8Array>(stack: T, slice: number, length: number): T {
  return stack.subarray(slice * length, (slice + 1) * length) as T;
}
