import { backend_util, type NamedAttrMap } from '@tensorflow/tfjs-core';

type Shape4D = [number, number, number, number];

/** The number of multiplications that is worth a thread. */
export const grainProducts = 500_000;

/** The sizes of a convolution. */
export type ConvolutionInfo = ReturnType<typeof backend_util.computeConv2DInfo>;

/** The sizes of a convolution from the attributes of its kernel or of a gradient's; only channels last. */
export function readConvolution(
  kernel: string,
  inputShape: Shape4D,
  filterShape: Shape4D,
  attrs: NamedAttrMap,
): ConvolutionInfo {
  const format = attrs['dataFormat'] as string | undefined;
  if (format !== undefined && format !== 'NHWC') {
    throw new Error(`wasm engine: ${kernel} was given the data format ${format}; it takes NHWC.`);
  }
  return backend_util.computeConv2DInfo(
    inputShape,
    filterShape,
    attrs['strides'] as number | [number, number],
    (attrs['dilations'] as number | [number, number] | undefined) ?? 1,
    attrs['pad'] as Parameters<typeof backend_util.computeConv2DInfo>[4],
    attrs['dimRoundingMode'] as Parameters<typeof backend_util.computeConv2DInfo>[5],
  );
}
