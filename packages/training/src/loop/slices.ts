import { OptionError } from '@interseg/errors';
import type { SegmentationNetwork } from '@interseg/models';
import type { UnlabelledStepBatch } from './unlabelled.ts';

/** The shape of every slice of a source. */
interface SliceShape {
  /** `[H, W]`. */
  readonly size: readonly [height: number, width: number];
  /** C. */
  readonly channels: number;
  /** K. */
  readonly classes: number;
}

/** The slices that a network is trained on: those of `openSlices` and `slicesFromArrays` of `@interseg/data`, or your own. */
export interface TrainingSlices extends SliceShape {
  /** How many slices an epoch has. */
  readonly length: number;
  /**
   * The slices of an epoch in batches of `batchSize`; only the last may be smaller. For an interrupted run to continue as
   * if it had never stopped, they must depend on nothing but these options.
   */
  batches(options: { batchSize: number; seed: number | string; epoch: number }): AsyncIterable<StepBatch>;
}

/** The slices of one step, row-major. */
export interface StepBatch {
  /** `[count, H, W, C]`. */
  images: Float32Array;
  /** `[count, H, W, K]`, in [0, 1]. */
  masks: Float32Array;
  count: number;
  /** The case of each slice, for errors. */
  cases?: readonly string[];
  /** Slices without masks beside them. */
  unlabelled?: UnlabelledStepBatch;
}

/** The cases that a network is validated on: those of `openSlices` and `slicesFromArrays`, or your own. */
export interface ValidationSlices extends SliceShape {
  /** Every case with all its slices, one after the other. */
  cases(): AsyncIterable<ValidationCase>;
}

/** A case whose slices form one volume in the validation Dice. */
export interface ValidationCase {
  /** For errors. */
  readonly id: string;
  /** S. */
  readonly slices: number;
  /**
   * `[H, W]` of its slices, if they are larger than those of the source, which are then what the network sees of them at a
   * time. Defaults to those of the source.
   */
  readonly size?: readonly [height: number, width: number];
  /** `[S, H, W, C]`, row-major; C are the channels of the source divided by the number of `inputSlices`. */
  readonly images: Float32Array;
  /** The slices whose channels are the network's input for a slice, in order. Defaults to the slice alone. */
  readonly inputSlices?: (slice: number) => readonly number[];
  /** `[S, H, W, K]`, row-major, 0 or 1. Without them the case cannot be validated on. */
  readonly masks?: Uint8Array;
}

/** The shapes of one slice's image, `[H, W, C]`, and mask, `[H, W, K]`. */
export interface SliceShapes {
  image: number[];
  mask: number[];
}

/** The shapes of the slices of a source. */
export function sliceShapes({ size: [height, width], channels, classes }: SliceShape): SliceShapes {
  return { image: [height, width, channels], mask: [height, width, classes] };
}

/**
 * Checks that slices are of the shape that a network takes and gives.
 *
 * @param what the slices in words, such as `training slices`
 * @throws OptionError naming both shapes
 */
export function checkSliceShape({ options }: SegmentationNetwork, what: string, slices: SliceShape): void {
  const [height, width, channels] = options.inputShape;
  const own: SliceShape = { size: [height, width], channels, classes: options.classes };
  const [found, expected] = [slices, own].map((shape) => {
    const { image, mask } = sliceShapes(shape);
    return `images [${image.join(', ')}] and masks [${mask.join(', ')}]`;
  });
  if (found !== expected) throw new OptionError(`The ${what} have ${found}, expected ${expected} as the network has.`);
}
