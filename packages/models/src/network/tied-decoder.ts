import { NearestUpSampling, TiedConvolutionTranspose, createNormalization } from '@interseg/core-layers';
import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Encoder, PartOptions } from '../backbones/backbone.ts';

/**
 * The tied-weight decoder: from the bottleneck it walks the encoder backwards, each convolution replaced by its
 * transpose with the very same kernel, with nearest-neighbour up-sampling where the encoder pools (Yuan et al.,
 * arXiv 2012.03673). Its own weights are one bias per channel, which a normalisation, where there is one, adds as its
 * shift (it has no learned scale).
 *
 * @param bottleneck `[N, H/2^d, W/2^d, filters[d]]`
 * @returns logits of the reconstruction x̃, `[N, H, W, C]`
 */
export function reconstruct(bottleneck: SymbolicTensor, encoder: Encoder, options: PartOptions): SymbolicTensor {
  const walk = encoder.blocks
    .flatMap((block, level) => block.convolutions.map((convolution, index) => ({ convolution, level, index })))
    .reverse();
  return walk.reduce((tensor, { convolution, level, index }, step) => {
    const name = `reconstruction_${convolution.name}`;
    const isLast = step === walk.length - 1;
    const channels = convolution.weights[0]?.shape[2] as number;
    const norm = isLast
      ? undefined
      : createNormalization(options.normalization, channels, {
          name: `${name}_normalization`,
          groups: options.groups,
          scale: false,
        });
    const entersFinerLevel = index === 0 && level > 0;
    return [
      new TiedConvolutionTranspose({ name, source: convolution, useBias: norm === undefined }),
      ...(norm ? [norm] : []),
      ...(isLast ? [] : [layers.activation({ activation: 'relu', name: `${name}_relu` })]),
      ...(entersFinerLevel ? [new NearestUpSampling({ name: `${name}_up` })] : []),
    ].reduce((t, layer) => layer.apply(t) as SymbolicTensor, tensor);
  }, bottleneck);
}
