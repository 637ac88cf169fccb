import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { join, splitAll } from './join.ts';
import type { MaskPath } from './mask-path.ts';

/** Inter: the mask passes through the network of the image, with all weights shared, in one joined batch. */
export const inter: MaskPath = {
  name: 'inter',
  branches: { encoder: 2, decoder: 2 },
  hasOwnWeights: false,
  connect({ image, maskAsImage, encoder, decoder, head }) {
    const features = decoder.apply(encoder.apply(join('input', image, maskAsImage())));
    return splitAll(features, head.apply(features.at(-1)!) as SymbolicTensor);
  },
};
