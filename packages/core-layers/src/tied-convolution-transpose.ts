import * as tf from '@tensorflow/tfjs-core';
import type { serialization, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { initializers, layers, type LayerVariable, type LayersModel, type Shape } from '@tensorflow/tfjs-layers';
import { OptionError } from '@interseg/errors';
import type { CallArgs, LayerArgs } from './layer.ts';
import { register } from './register.ts';

/** What a {@link TiedConvolutionTranspose} is made from. */
export interface TiedConvolutionTransposeArgs extends LayerArgs {
  /** The convolution whose kernel is used, or its name: a 2-D convolution with stride 1, padding 'same', no dilation. */
  source: layers.Layer | string;
  /** The source's kernel shape `[height, width, C_in, C_out]`: needed where only the source's name is given. */
  kernelShape?: number[];
  /** Whether a bias per output channel is added, the only weight this layer owns; true unless told. */
  useBias?: boolean;
}

/**
 * The transpose of a convolution, with that convolution's own kernel: where the source maps `[N, H, W, C_in]` to
 * `[N, H, W, C_out]`, this layer maps `[N, H, W, C_out]` to `[N, H, W, C_in]` by the transposed linear map. It owns no
 * kernel, so the source's kernel receives the sum of both gradients (tied weights; Yuan et al., arXiv 2012.03673, the
 * tied-weight decoder).
 *
 * A model loaded from a file knows the source by its name only: {@link connectTies} finds it again.
 *
 * @throws Error when it is called before its source is connected
 * @throws OptionError when the input's channels are not the source's output channels, or the source is no such convolution
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
        `${this.name} knows its source by name only; kernelShape must give its kernel's 4 extents.`,
      );
    }
  }

  /** Uses the kernel of this layer from now on. */
  tieTo(source: layers.Layer): void {
    const { strides, padding, dilationRate } = source.getConfig() as Record<string, unknown>;
    const isOne = (value: unknown): boolean => [value].flat().every((entry) => entry === 1);
    if (source.getClassName() !== 'Conv2D' || !isOne(strides) || !isOne(dilationRate) || padding !== 'same') {
      throw new OptionError(
        `${this.name} is tied to ${source.name}, a ${source.getClassName()}; it needs a Conv2D with stride 1, dilation 1 and padding 'same'.`,
      );
    }
    const kernel = source.weights[0];
    if (!kernel)
      throw new OptionError(`${this.name} is tied to ${source.name}, which is not built yet: apply it first.`);
    this.source = source;
    this.kernelShape = kernel.shape as number[];
  }

  /** The tied kernel, `[height, width, C_in, C_out]` of the source. */
  private kernel(): Tensor4D {
    const kernel = this.source?.weights[0];
    if (!kernel) {
      throw new Error(`${this.name} has no kernel: connect it to its source ${this.sourceName} with connectTies.`);
    }
    return kernel.read() as Tensor4D;
  }

  override build(inputShape: Shape | Shape[]): void {
    const [, , inputs, outputs] = this.kernelShape;
    const channels = (inputShape as Shape)[3];
    if (channels !== outputs) {
      throw new OptionError(`${this.name} was given ${channels} channels; ${this.sourceName} puts out ${outputs}.`);
    }
    if (this.useBias) this.bias = this.addWeight('bias', [inputs as number], 'float32', initializers.zeros());
    this.built = true;
  }

  override call(inputs: Tensor | Tensor[], _kwargs: CallArgs): Tensor {
    return tf.tidy(() => {
      const x = (Array.isArray(inputs) ? inputs[0] : inputs) as Tensor4D;
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
    return [...(inputShape as Shape).slice(0, 3), this.kernelShape[2] as number];
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), source: this.sourceName, kernelShape: this.kernelShape, useBias: this.useBias };
  }
}

register(TiedConvolutionTranspose);

/**
 * Connects every {@link TiedConvolutionTranspose} of a model to the layer that its configuration names.
 *
 * @throws Error (tfjs-layers' own) when the model has no layer of that name
 */
export function connectTies(model: LayersModel): void {
  for (const layer of model.layers) {
    if (layer instanceof TiedConvolutionTranspose) layer.tieTo(model.getLayer(layer.sourceName));
  }
}
