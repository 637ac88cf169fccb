import * as tf from '@tensorflow/tfjs-core';
import type { serialization, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { initializers, layers, type LayerVariable, type LayersModel, type Shape } from '@tensorflow/tfjs-layers';
import { OptionError } from '@interseg/errors';
import { register, singleInput, type CallArgs, type LayerArgs } from './layer.ts';

/** Options of {@link TiedConvolutionTranspose}. */
export interface TiedConvolutionTransposeArgs extends LayerArgs {
  /** The convolution that lends its kernel, or its name: 2-D, with stride 1, padding 'same' and no dilation. */
  source: layers.Layer | string;
  /** The shape of that kernel, `[height, width, C_in, C_out]`; required where only the name is given. */
  kernelShape?: number[];
  /** Whether to add a bias per output channel, the only weight of the layer's own. Defaults to `true`. */
  useBias?: boolean;
}

/**
 * The transpose of a convolution, with the kernel of that convolution: where the source maps `[N, H, W, C_in]` to `[N,
 * H, W, C_out]`, this layer maps `[N, H, W, C_out]` to `[N, H, W, C_in]` by the transposed linear map. It has no kernel
 * of its own, so the kernel of the source receives the sum of both gradients (tied weights; the tied-weight decoder of
 * Yuan et al., arXiv 2012.03673).
 *
 * In a model loaded from a file the layer knows only the name of its source; {@link connectTies} connects the two.
 *
 * @throws OptionError when the source is not such a convolution, or the input has another number of channels than its
 * output
 * @throws Error when the layer is called before its source is connected
 */
export class TiedConvolutionTranspose extends layers.Layer {
  static className = 'TiedConvolutionTranspose';
  readonly sourceName: string;
  private source?: layers.Layer;
  private kernelShape: number[];
  private readonly useBias: boolean;
  private bias?: LayerVariable;

  constructor(args: TiedConvolutionTransposeArgs) {
    super(args);
    this.useBias = args.useBias ?? true;
    this.sourceName = typeof args.source === 'string' ? args.source : args.source.name;
    this.kernelShape = args.kernelShape ?? [];
    if (typeof args.source !== 'string') this.tieTo(args.source);
    if (this.kernelShape.length !== 4) {
      throw new OptionError(
        `${this.name} has only the name of its source and the kernelShape [${this.kernelShape.join(', ')}], expected the 4 extents of its kernel.`,
      );
    }
  }

  /** Makes a convolution the source of the kernel. @throws OptionError when it is not suitable or not built yet */
  tieTo(source: layers.Layer): void {
    const { strides, padding, dilationRate } = source.getConfig() as Record<string, unknown>;
    const isOne = (value: unknown): boolean => [value].flat().every((entry) => entry === 1);
    if (source.getClassName() !== 'Conv2D' || !isOne(strides) || !isOne(dilationRate) || padding !== 'same') {
      throw new OptionError(
        `${this.name} is tied to ${source.name}, a ${source.getClassName()}, expected a Conv2D with stride 1, dilation 1 and padding 'same'.`,
      );
    }
    const kernel = source.weights[0];
    if (!kernel) {
      throw new OptionError(
        `${this.name} is tied to ${source.name}, which is not built yet, expected one that was applied.`,
      );
    }
    this.source = source;
    this.kernelShape = kernel.shape as number[];
  }

  /** The tied kernel, `[height, width, C_in, C_out]` of the source. */
  private kernel(): Tensor4D {
    const kernel = this.source?.weights[0];
    if (!kernel) {
      throw new Error(`${this.name} has no kernel, expected that of ${this.sourceName}: call connectTies first.`);
    }
    return kernel.read() as Tensor4D;
  }

  override build(inputShape: Shape | Shape[]): void {
    const [, , inputs, outputs] = this.kernelShape;
    const channels = (inputShape as Shape)[3];
    if (channels !== outputs) {
      throw new OptionError(
        `${this.name} has an input of ${channels} channels, expected the ${outputs} of the output of ${this.sourceName}.`,
      );
    }
    if (this.useBias) this.bias = this.addWeight('bias', [inputs!], 'float32', initializers.zeros());
    this.built = true;
  }

  override call(inputs: Tensor | Tensor[], _kwargs: CallArgs): Tensor {
    return tf.tidy(() => {
      const x = singleInput<Tensor4D>(inputs);
      const kernel = this.kernel();
      const outputShape: [number, number, number, number] = [
        ...(x.shape.slice(0, 3) as [number, number, number]),
        kernel.shape[2],
      ];
      const y = tf.conv2dTranspose(x, kernel, outputShape, 1, 'same');
      return this.bias ? tf.add(y, this.bias.read()) : y;
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return [...(inputShape as Shape).slice(0, 3), this.kernelShape[2]!];
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), source: this.sourceName, kernelShape: this.kernelShape, useBias: this.useBias };
  }
}

register(TiedConvolutionTranspose);

/**
 * Connects every {@link TiedConvolutionTranspose} of a model to the convolution that its configuration names.
 *
 * @throws Error (tfjs-layers' own) when the model has no layer of that name
 */
export function connectTies(model: LayersModel): void {
  for (const layer of model.layers) {
    if (layer instanceof TiedConvolutionTranspose) layer.tieTo(model.getLayer(layer.sourceName));
  }
}
