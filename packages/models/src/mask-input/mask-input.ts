import { layerSeed } from '@interseg/core-layers';
import { initializers, layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { TileMask } from './tile-mask.ts';

/** How a mask of K classes enters an encoder for an image of C channels. */
export const maskInputs = ['tile', 'stem'] as const;
/** `'tile'`: as C equal grey-level channels, no weights; `'stem'`: through a learned 1×1 convolution from K to C. */
export type MaskInput = (typeof maskInputs)[number];

/** Turns a mask `[N, H, W, K]` into an image `[N, H, W, channels]`. */
export function maskAsImage(mask: SymbolicTensor, kind: MaskInput, channels: number, seed: number): SymbolicTensor {
  const name = `mask_${kind}`;
  const layer =
    kind === 'tile'
      ? new TileMask({ name, channels })
      : layers.conv2d({
          name,
          filters: channels,
          kernelSize: 1,
          kernelInitializer: initializers.glorotNormal({ seed: layerSeed(seed, name) }),
        });
  return layer.apply(mask) as SymbolicTensor;
}
