import { NearestUpSampling, TiedConvolutionTranspose, createNormalization } from '@interseg/core-layers';
import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Encoder, PartOptions } from '../backbones/backbone.ts';

/** The tied-weight decoder. Applied again, it shares all its weights. */
export interface TiedDecoder {
  /** Takes a bottleneck, `[N, H/2^d, W/2^d, filters[d]]`, and returns the logits of the reconstruction x̃, `[N, H, W, C]`. */
  apply(bottleneck: SymbolicTensor): SymbolicTensor;
}

/**
 * Creates the tied-weight decoder (Yuan et al., arXiv 2012.03673): from the bottleneck, it runs the encoder backwards,
 * with each convolution replaced by its transpose with the same kernel, and with nearest-neighbour up-sampling where
 * the encoder pools. Its only weights of its own are a bias per channel; with a normalisation, that is the shift of the
 * normalisation, which has no learned scale.
 *
 * @param encoder has been applied: its kernels have their shapes
 */
export function createTiedDecoder(encoder: Encoder, options: PartOptions): TiedDecoder {
  const walk = encoder.blocks
    .flatMap((block, level) => block.convolutions.map((convolution, index) => ({ convolution, level, index })))
    .reverse();
  const decoder = walk.flatMap(({ convolution, level, index }, step) => {
    const name = `reconstruction_${convolution.name}`;
    const isLast = step === walk.length - 1;
    const channels = convolution.weights[0]!.shape[2]!;
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
    ];
  });
  return {
    apply: (bottleneck) => decoder.reduce((tensor, layer) => layer.apply(tensor) as SymbolicTensor, bottleneck),
  };
}
