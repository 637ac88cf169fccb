import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { MaskPath } from './mask-path.ts';

/**
 * AE: the mask passes through an auto-encoder of its own, which shares no weight with the image's path. It is built
 * like the backbone, with skip connections, so that y'_j has the shape of y_j.
 */
export const autoEncoder: MaskPath = {
  name: 'auto-encoder',
  branches: { encoder: 1, decoder: 1 },
  hasOwnWeights: true,
  connect({ image, mask, encoder, decoder, head, backbone, partOptions, createHead }) {
    const own = { ...partOptions(1), prefix: 'mask_' };
    const features = decoder.apply(encoder.apply(image));
    const targets = backbone.createDecoder(own).apply(backbone.createEncoder(own).apply(mask));
    return {
      logits: head.apply(features.at(-1)!) as SymbolicTensor,
      features,
      maskLogits: createHead('mask_').apply(targets.at(-1)!) as SymbolicTensor,
      targets,
    };
  },
};
