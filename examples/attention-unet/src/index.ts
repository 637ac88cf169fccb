import { createEncoder, type Backbone, type Plugin } from '@interseg/models';
import { createAttentionDecoder } from './decoder.ts';

export { createAttentionGate, type AttentionGate, type AttentionGateOptions } from './attention-gate.ts';
export { createAttentionDecoder } from './decoder.ts';

/** Attention U-Net: a U-Net whose skip connections pass through attention gates. */
export const attentionUnet: Backbone = {
  name: 'attention-unet',
  title: 'Attention U-Net',
  source: 'Oktay et al., arXiv 1804.03999',
  createEncoder,
  createDecoder: createAttentionDecoder,
};

/** What `--plugin` takes from this package: the backbone, with every mechanism. */
export default { backbones: [attentionUnet] } satisfies Plugin;
