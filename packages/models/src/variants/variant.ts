import type { Backbone } from '../backbones/backbone.ts';
import type { MaskPath } from '../mask-paths/mask-path.ts';

/** A way of teaching a backbone: what of the mask and of the input it uses in training. None of it is shipped. */
export interface Mechanism {
  /** As it appears in the names of variants; empty for the plain backbone. */
  readonly name: string;
  /** As it is written in text; empty for the plain backbone. */
  readonly title: string;
  /** One sentence for people who choose a variant. */
  readonly description: string;
  /** How the mask goes through the network; none for variants that do not use it so. */
  readonly maskPath?: MaskPath;
  /** Whether a tied-weight decoder reconstructs the input. */
  readonly reconstruction: boolean;
}

/** A backbone with a mechanism. */
export interface Variant {
  /** The name used everywhere, such as `twi-unet`. */
  readonly name: string;
  /** As it is written in text, such as `TWI-U-Net`. */
  readonly title: string;
  readonly backbone: Backbone;
  readonly mechanism: Mechanism;
}
