import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { join, splitAll } from './join.ts';
import type { MaskPath } from './mask-path.ts';

/**
 * SAE: the mask passes through an encoder of its own, and through the decoder of the image's path with shared weights.
 */
export const sharedAutoEncoder: MaskPath = {
  name: 'shared-auto-encoder',
  branches: { encoder: 1, decoder: 2 },
  hasOwnWeights: true,
  connect({ image, mask, encoder, decoder, head, backbone, partOptions }) {
    const maskEncoder = backbone.createEncoder({ ...partOptions(1), prefix: 'mask_' });
    const maskLevels = maskEncoder.apply(mask);
    const joined = encoder.apply(image).map((level, index) => join(`level_${index}`, level, maskLevels[index]!));
    const features = decoder.apply(joined);
    return splitAll(features, head.apply(features.at(-1)!) as SymbolicTensor);
  },
};
