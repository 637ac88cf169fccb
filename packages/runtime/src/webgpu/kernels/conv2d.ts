import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import { isTiling } from '../../tiling-convolution.ts';
import { runImplicitProduct } from './implicit-product.ts';
import type { KernelCall, KernelDefinition } from './kernel.ts';

type Shape4D = [number, number, number, number];

interface Attributes {
  readonly strides: number | [number, number];
  readonly pad: Parameters<typeof backend_util.computeConv2DInfo>[4];
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly inputShape: Shape4D;
  readonly activation?: string;
}

/** The sizes of a convolution that the product computes, nothing for others. */
function sizesOf(
  { attrs }: KernelCall,
  image: readonly number[],
  filter: TensorInfo,
): backend_util.Conv2DInfo | undefined {
  const { strides, pad, dilations = 1, dimRoundingMode, dataFormat } = attrs as unknown as Attributes;
  if (dataFormat !== 'NHWC') return undefined;
  const shapes = [image as Shape4D, filter.shape as Shape4D] as const;
  const sizes = backend_util.computeConv2DInfo(...shapes, strides, dilations, pad, dimRoundingMode);
  return sizes.dilationHeight === 1 && sizes.dilationWidth === 1 ? sizes : undefined;
}

/** Convolution, with bias and ReLU where they are given. */
function convolve(call: KernelCall, hasRelu = false): TensorInfo | undefined {
  const { x, filter, bias } = call.inputs as { x: TensorInfo; filter: TensorInfo; bias?: TensorInfo };
  const sizes = sizesOf(call, x.shape, filter);
  if (sizes === undefined || (bias !== undefined && bias.shape.length !== 1)) return undefined;
  return runImplicitProduct(call.backend, {
    image: x,
    filter,
    isGradient: false,
    extents: [sizes.filterHeight, sizes.filterWidth],
    grid: [sizes.batchSize, sizes.outHeight, sizes.outWidth],
    strides: [sizes.strideHeight, sizes.strideWidth],
    offsets: [-sizes.padInfo.top, -sizes.padInfo.left],
    direction: 1,
    columns: sizes.outChannels,
    outShape: sizes.outShape,
    bias,
    hasRelu,
  });
}

/** Convolution as an implicit product of matrices. Dilated ones, and those of `NCHW`, are left to the backend. */
export const conv2d: KernelDefinition = {
  name: 'Conv2D',
  create: (stock) => (call) => convolve(call) ?? stock('Conv2D')(call),
};

/** The same with bias and ReLU; other activations are left to the backend. */
export const fusedConv2d: KernelDefinition = {
  name: 'FusedConv2D',
  create: (stock) => (call) => {
    const { activation = 'linear' } = call.attrs as unknown as Attributes;
    const own = activation === 'linear' || activation === 'relu' ? convolve(call, activation === 'relu') : undefined;
    return own ?? stock('FusedConv2D')(call);
  },
};

/**
 * The gradient of a convolution with respect to its input, which is also the transposed convolution: with stride 1, a
 * convolution of the output's gradient with the filter turned round. With strides as large as the filter, each place of the
 * gradient makes a block of the result by itself. Others are left to the backend.
 */
export const conv2dBackpropInput: KernelDefinition = {
  name: 'Conv2DBackpropInput',
  create: (stock) => (call) => {
    const { dy, filter } = call.inputs as Record<'dy' | 'filter', TensorInfo>;
    const { inputShape } = call.attrs as unknown as Attributes;
    const sizes = sizesOf(call, inputShape, filter);
    return (sizes && differentiate(call, dy, filter, sizes)) ?? stock('Conv2DBackpropInput')(call);
  },
};

function differentiate(
  { backend }: KernelCall,
  dy: TensorInfo,
  filter: TensorInfo,
  sizes: backend_util.Conv2DInfo,
): TensorInfo | undefined {
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo, batchSize, inChannels } = sizes;
  const common = { image: dy, filter, isGradient: true, strides: [1, 1], outShape: sizes.inShape } as const;
  if (strideHeight === 1 && strideWidth === 1) {
    return runImplicitProduct(backend, {
      ...common,
      extents: [filterHeight, filterWidth],
      grid: [batchSize, sizes.inHeight, sizes.inWidth],
      offsets: [padInfo.top, padInfo.left],
      direction: -1,
      columns: inChannels,
    });
  }
  if (!isTiling(sizes)) return undefined;
  return runImplicitProduct(backend, {
    ...common,
    extents: [1, 1],
    grid: [batchSize, sizes.outHeight, sizes.outWidth],
    offsets: [0, 0],
    direction: 1,
    columns: filterHeight * filterWidth * inChannels,
    block: [filterHeight, filterWidth],
  });
}
