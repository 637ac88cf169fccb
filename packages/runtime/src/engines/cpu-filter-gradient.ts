import { backend_util, type NamedAttrMap, type TensorInfo } from '@tensorflow/tfjs-core';

/** The numbers of a tensor. */
export type Values = ArrayLike<number>;

/** How a convolution slides over an image: the attributes of the kernel Conv2DBackpropFilter. */
interface FilterGradientAttributes {
  filterShape: [height: number, width: number, inChannels: number, outChannels: number];
  strides: number | [number, number];
  pad: Parameters<typeof backend_util.computeConv2DInfo>[4];
  dataFormat: 'NHWC' | 'NCHW';
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/**
 * The gradient of a convolution with respect to its filter. Every sum has its terms in the order of the backend's own
 * kernel, in double precision, so that both give the same numbers; that one looks each value up by its coordinates, which
 * takes some seven times as long.
 *
 * @param x the convolution's input
 * @param dy the gradient of its output
 */
export function filterGradient(
  [x, xValues]: readonly [TensorInfo, Values],
  [dy, dyValues]: readonly [TensorInfo, Values],
  attrs: NamedAttrMap,
): { shape: number[]; values: Float32Array } {
  const { filterShape, strides, pad, dataFormat, dimRoundingMode } = attrs as unknown as FilterGradientAttributes;
  const info = backend_util.computeConv2DInfo(
    x.shape as [number, number, number, number],
    filterShape,
    strides,
    1,
    pad,
    dimRoundingMode,
    false,
    backend_util.convertConv2DDataFormat(dataFormat),
  );
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = info;
  const isChannelsLast = info.dataFormat === 'channelsLast';
  const xSteps = steps(x.shape, isChannelsLast);
  const dySteps = steps(dy.shape, isChannelsLast);
  const values = new Float32Array(info.filterHeight * info.filterWidth * inChannels * outChannels);
  const sums = new Float64Array(inChannels * outChannels);
  for (let row = 0; row < info.filterHeight; row++) {
    const [firstRow, endRow] = range(row - info.padInfo.top, info.strideHeight, inHeight, outHeight);
    for (let column = 0; column < info.filterWidth; column++) {
      const [firstColumn, endColumn] = range(column - info.padInfo.left, info.strideWidth, inWidth, outWidth);
      sums.fill(0);
      for (let sample = 0; sample < batchSize; sample++) {
        for (let yRow = firstRow; yRow < endRow; yRow++) {
          const xRow = yRow * info.strideHeight + row - info.padInfo.top;
          for (let yColumn = firstColumn; yColumn < endColumn; yColumn++) {
            const xColumn = yColumn * info.strideWidth + column - info.padInfo.left;
            const xPlace = sample * xSteps.sample + xRow * xSteps.row + xColumn * xSteps.column;
            const dyPlace = sample * dySteps.sample + yRow * dySteps.row + yColumn * dySteps.column;
            for (let from = 0, at = 0; from < inChannels; from++) {
              const factor = xValues[xPlace + from * xSteps.channel]!;
              for (let to = 0; to < outChannels; to++, at++) {
                sums[at]! += factor * dyValues[dyPlace + to * dySteps.channel]!;
              }
            }
          }
        }
      }
      values.set(sums, (row * info.filterWidth + column) * inChannels * outChannels);
    }
  }
  return { shape: info.filterShape, values };
}

/** The positions of the output, from one on and up to another, whose input lies inside. */
function range(offset: number, stride: number, inExtent: number, outExtent: number): [first: number, end: number] {
  return [Math.max(0, Math.ceil(-offset / stride)), Math.min(outExtent, Math.ceil((inExtent - offset) / stride))];
}

/** The distances between neighbouring values of a tensor of four axes. */
function steps([, ...extents]: number[], isChannelsLast: boolean) {
  const [a, b, c] = extents as [number, number, number];
  const sample = a * b * c;
  return isChannelsLast ? { sample, row: b * c, column: c, channel: 1 } : { sample, row: c, column: 1, channel: b * c };
}
