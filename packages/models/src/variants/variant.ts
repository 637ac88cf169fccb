import type { Backbone } from '../backbones/backbone.ts';
import type { MaskPath } from '../mask-paths/mask-path.ts';

/** A way to train a backbone: how it uses the mask and the input in training. None of it is deployed. */
export interface Mechanism {
  /** The name as it appears in the names of variants; empty for the plain backbone. */
  readonly name: string;
  /** The name as it is written in text; empty for the plain backbone. */
  readonly title: string;
  /** One sentence for people who choose a variant. */
  readonly description: string;
  /** How the mask passes through the network; absent for variants without a mask path. */
  readonly maskPath?: MaskPath;
  /** Whether a tied-weight decoder reconstructs the input. */
  readonly reconstruction: boolean;
}

/** A backbone with a mechanism. */
export interface Variant {
  /** The name used everywhere, such as `twi-unet`. */
  readonly name: string;
  /** The name as it is written in text, such as `TWI-U-Net`. */
  readonly title: string;
  readonly backbone: Backbone;
  readonly mechanism: Mechanism;
}
