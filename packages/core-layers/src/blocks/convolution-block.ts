import { initializers, layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { createNormalization, type Normalization } from '../normalization/create-normalization.ts';
import { layerSeed } from '../layer-seed.ts';

/** Options of {@link ConvolutionBlock}. */
export interface ConvolutionBlockOptions {
  /** Prefix of the layers' names, such as `x_0_0`. */
  name: string;
  /** Channels of each convolution's output. */
  filters: number;
  /** Number of repetitions of convolution → normalisation → ReLU. Defaults to 2. */
  depth?: number;
  /** Defaults to `'instance'`. */
  normalization?: Normalization;
  /** Number of groups, for group normalisation: see {@link NormalizationOptions}. */
  groups?: number;
  /** Number of branches joined along the batch axis in training: see {@link NormalizationOptions}. */
  branches?: number;
  /** Seed of the network; the initial kernels (He normal) follow from it and from the layers' names. */
  seed: number;
}

/** Convolution → normalisation → ReLU, as shareable layers. */
interface Stage {
  convolution: layers.Layer;
  rest: layers.Layer[];
}

/**
 * The block of U-Net and U-Net++: `depth` repetitions of 3×3 convolution, normalisation and ReLU. `[N, H, W, C]` in,
 * `[N, H, W, filters]` out. Applied twice, it shares all its weights.
 */
export class ConvolutionBlock {
  private readonly stages: Stage[];

  constructor({
    name,
    filters,
    depth = 2,
    normalization = 'instance',
    groups,
    branches,
    seed,
  }: ConvolutionBlockOptions) {
    this.stages = Array.from({ length: depth }, (_, index) => {
      const convolutionName = `${name}_convolution_${index + 1}`;
      const norm = createNormalization(normalization, filters, {
        name: `${name}_normalization_${index + 1}`,
        groups,
        branches,
      });
      return {
        convolution: layers.conv2d({
          name: convolutionName,
          filters,
          kernelSize: 3,
          padding: 'same',
          // A normalisation subtracts the mean, and with it any bias.
          useBias: norm === undefined,
          kernelInitializer: initializers.heNormal({ seed: layerSeed(seed, convolutionName) }),
        }),
        rest: [...(norm ? [norm] : []), layers.activation({ activation: 'relu', name: `${name}_relu_${index + 1}` })],
      };
    });
  }

  /** The convolutions in the order of their application, for a decoder that is tied to them. */
  get convolutions(): readonly layers.Layer[] {
    return this.stages.map((stage) => stage.convolution);
  }

  /** Applies all stages in turn: `[N, H, W, C]` in, `[N, H, W, filters]` out. */
  apply(input: SymbolicTensor): SymbolicTensor {
    return this.stages
      .flatMap(({ convolution, rest }) => [convolution, ...rest])
      .reduce((tensor, layer) => layer.apply(tensor) as SymbolicTensor, input);
  }
}
