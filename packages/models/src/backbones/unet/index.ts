import type { Backbone } from '../backbone.ts';
import { createEncoder } from '../encoder.ts';
import { createUnetDecoder } from '../unet.ts';

/** U-Net: an encoder and a decoder with a skip connection per level. */
export const unet: Backbone = {
  name: 'unet',
  title: 'U-Net',
  source: 'Ronneberger et al., arXiv 1505.04597',
  createEncoder,
  createDecoder: createUnetDecoder,
};
