import type { SegmentationLossFunction } from '@interseg/losses';

/** A loss between segmentation and mask, in the place of BCE-Dice in equations 1 and 2. */
export interface SegmentationLoss {
  /** The name used everywhere, such as `bce-dice`. */
  readonly name: string;
  /** As it is written in text. */
  readonly title: string;
  /** One sentence for people who choose, with its source. */
  readonly description: string;
  /**
   * Labels and predictions `[N, H, W, K]` to a scalar. In training predictions are logits (`fromLogits` is true), in
   * validation they are probabilities. It may use only operations that TensorFlow.js has gradients for on every engine.
   */
  readonly compute: SegmentationLossFunction;
}
