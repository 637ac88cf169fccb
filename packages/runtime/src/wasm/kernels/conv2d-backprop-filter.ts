import type { TensorInfo } from '@tensorflow/tfjs-core';
import { findAddress, type KernelDefinition, findSimd } from '../kernel.ts';
import { readConvolution } from './convolution.ts';
import { filterGradientByWinograd, suitsWinograd } from './winograd.ts';

/** The number of values of input and gradient in a block of work, which fits into a core's second-level cache. */
const chunkValues = 24_000;

/** The gradient of a convolution with respect to its filter, which the backend lacks. */
export const conv2dBackpropFilter: KernelDefinition = {
  name: 'Conv2DBackpropFilter',
  create: () => (call) => {
    const { x, dy } = call.inputs as Record<'x' | 'dy', TensorInfo>;
    const { backend, attrs } = call;
    const filterShape = attrs['filterShape'] as [number, number, number, number];
    const c = readConvolution('Conv2DBackpropFilter', x.shape as [number, number, number, number], filterShape, attrs);
    if (suitsWinograd(c) && c.outChannels % 8 === 0) return filterGradientByWinograd(backend, x, dy, c);
    const dw = backend.makeOutput(filterShape, 'float32');
    const paddedRow = ((c.outWidth - 1) * c.strideWidth + c.filterWidth) * c.inChannels;
    const perRow = paddedRow * c.strideHeight + c.outWidth * c.outChannels;
    const chunk = Math.max(1, Math.min(c.outHeight, Math.floor(chunkValues / perRow)));
    const units = c.filterHeight * Math.ceil((c.filterWidth * c.inChannels) / 4);
    const work = 4 * c.batchSize * c.outHeight * c.outWidth * c.outChannels;
    findSimd(backend).run(
      'filterGradient',
      [
        findAddress(backend, x),
        findAddress(backend, dy),
        findAddress(backend, dw),
        ...[c.batchSize, c.inHeight, c.inWidth, c.inChannels, c.outHeight, c.outWidth, c.outChannels],
        ...[c.filterHeight, c.filterWidth, c.strideHeight, c.strideWidth, c.padInfo.top, c.padInfo.left],
        chunk,
      ],
      {
        units,
        grain: Math.max(1, 1e6 / work),
        scratch: 4 * paddedRow * ((chunk - 1) * c.strideHeight + c.filterHeight) + 16,
      },
    );
    return dw;
  },
};
