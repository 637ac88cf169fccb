import { augmentSlice, sliceRandom } from '../../augmentation/augment.ts';
import type { Augmentation } from '../../augmentation/settings.ts';
import type { PreparedCase } from '../preparation/prepared-case.ts';

/** The part of a prepared case that a batch needs. */
export type SliceStack = Pick<PreparedCase, 'id' | 'size' | 'pixel' | 'channels' | 'classes' | 'images' | 'masks'>;

/** One slice of a batch. */
export interface BatchSlice {
  readonly prepared: SliceStack;
  readonly slice: number;
  /** Counts the occurrences of the slice in the epoch, from 0. */
  readonly appearance: number;
}

/** How the slices of an epoch are augmented. */
export interface EpochAugmentation {
  readonly augmentation: Augmentation;
  /** Whether intensities lie in [0, 1]. */
  readonly isBounded: boolean;
  readonly seed: number | string;
  readonly epoch: number;
}

/**
 * Copies slices into new arrays and augments them. The mask of a slice without labels is 0.
 *
 * @returns images [N, H, W, C] and masks [N, H, W, K]
 */
export function assembleBatch(
  parts: readonly BatchSlice[],
  { augmentation, isBounded, seed, epoch }: EpochAugmentation,
): { images: Float32Array<ArrayBuffer>; masks: Float32Array<ArrayBuffer> } {
  const { size, channels, classes } = parts[0]!.prepared;
  const pixels = size[0] * size[1];
  const images = new Float32Array(parts.length * pixels * channels);
  const masks = new Float32Array(parts.length * pixels * classes);
  parts.forEach(({ prepared, slice, appearance }, index) => {
    const image = elementsOfSlice(prepared.images, slice, pixels * channels);
    const mask = prepared.masks
      ? Float32Array.from(elementsOfSlice(prepared.masks, slice, pixels * classes))
      : new Float32Array(pixels * classes);
    const random = sliceRandom({ seed, epoch, id: prepared.id, slice, appearance });
    const { pixel } = prepared;
    const augmented = augmentSlice({ size, image, channels, mask, classes }, augmentation, random, {
      isBounded,
      pixel,
    });
    images.set(augmented.image, index * pixels * channels);
    masks.set(augmented.mask, index * pixels * classes);
  });
  return { images, masks };
}

function elementsOfSlice<T extends Float32Array | Uint8Array>(stack: T, slice: number, length: number): T {
  return stack.subarray(slice * length, (slice + 1) * length) as T;
}
