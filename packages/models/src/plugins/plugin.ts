import type { Backbone } from '../backbones/backbone.ts';
import type { SegmentationLoss } from '../segmentation-losses/segmentation-loss.ts';
import type { Variant } from '../variants/variant.ts';

/** What a package adds to InterSeg: its default export, for `interseg … --plugin PKG` to find. */
export interface Plugin {
  /** Single variants. */
  readonly variants?: readonly Variant[];
  /** Backbones, each of which gets every mechanism. */
  readonly backbones?: readonly Backbone[];
  /** Losses for the option `loss`. */
  readonly losses?: readonly SegmentationLoss[];
}
