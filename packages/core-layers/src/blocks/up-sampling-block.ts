import { initializers, layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { layerSeed } from '../layer-seed.ts';

/** How a decoder doubles height and width. */
export const upSamplings = ['transpose', 'bilinear'] as const;
/** One of {@link upSamplings}. */
export type UpSampling = (typeof upSamplings)[number];

/** Options of {@link UpSamplingBlock}. */
export interface UpSamplingBlockOptions {
  /** Prefix of the layer's name, such as `x_0_4`. */
  name: string;
  /**
   * `'transpose'`: a learned 2×2 transposed convolution with stride 2; `'bilinear'`: interpolation, no weights.
   * Defaults to `'transpose'`.
   */
  kind?: UpSampling;
  /** Channels of the output, for `'transpose'`; bilinear interpolation keeps those of the input. */
  filters: number;
  /** Seed of the network; the initial kernel follows from it and from the layer's name. */
  seed: number;
}

/**
 * Doubles height and width: `[N, H, W, C]` in, `[N, 2H, 2W, filters or C]` out. Applied twice, it shares its weights.
 */
export class UpSamplingBlock {
  private readonly layer: layers.Layer;

  constructor({ name, kind = 'transpose', filters, seed }: UpSamplingBlockOptions) {
    const layerName = `${name}_up`;
    this.layer =
      kind === 'bilinear'
        ? layers.upSampling2d({ name: layerName, size: [2, 2], interpolation: 'bilinear' })
        : layers.conv2dTranspose({
            name: layerName,
            filters,
            kernelSize: 2,
            strides: 2,
            padding: 'same',
            // Windows do not overlap, so each output is a sum over the input's channels alone: variance 1/C_in. The
            // initialiser counts 4·C_in for this kernel's fan-out, hence the scale of 4.
            kernelInitializer: initializers.varianceScaling({
              scale: 4,
              mode: 'fanOut',
              distribution: 'normal',
              seed: layerSeed(seed, layerName),
            }),
          });
  }

  /** `[N, H, W, C]` in, `[N, 2H, 2W, filters or C]` out. */
  apply(input: SymbolicTensor): SymbolicTensor {
    return this.layer.apply(input) as SymbolicTensor;
  }
}
