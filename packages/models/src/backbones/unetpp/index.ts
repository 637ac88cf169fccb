import type { Backbone } from '../backbone.ts';
import { createEncoder } from '../encoder.ts';
import { createUnetppDecoder } from '../unetpp.ts';

/** U-Net++: nested, dense skip connections between encoder and decoder. */
export const unetpp: Backbone = {
  name: 'unetpp',
  title: 'U-Net++',
  source: 'Zhou et al., arXiv 1807.10165',
  createEncoder,
  createDecoder: createUnetppDecoder,
};
