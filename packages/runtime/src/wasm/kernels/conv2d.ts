import type { TensorInfo } from '@tensorflow/tfjs-core';
import { areFloats, type Kernel, type KernelDefinition } from '../kernel.ts';
import { readConvolution } from './convolution.ts';
import { convolveByWinograd, suitsWinograd } from './winograd.ts';

type Shape4D = [number, number, number, number];

/** Convolves by Winograd's method where that is faster, and otherwise by the backend's own kernel. */
function define(name: 'Conv2D' | 'FusedConv2D'): KernelDefinition {
  return {
    name,
    create: (stock) => {
      const own: Kernel = stock(name);
      return (call) => {
        const { backend, attrs } = call;
        const { x, filter, bias } = call.inputs as { x: TensorInfo; filter: TensorInfo; bias?: TensorInfo };
        const activation = (attrs['activation'] as string | undefined) ?? 'linear';
        const isChannelsLast = (attrs['dataFormat'] ?? 'NHWC') === 'NHWC';
        if (!isChannelsLast || !areFloats(x, filter) || !['linear', 'relu'].includes(activation)) return own(call);
        const c = readConvolution(name, x.shape as Shape4D, filter.shape as Shape4D, attrs);
        const isBiasPlain = bias === undefined || (areFloats(bias) && bias.shape.join() === String(c.outChannels));
        if (!isBiasPlain || !suitsWinograd(c)) return own(call);
        const { top: padTop, left: padLeft } = c.padInfo;
        const shape: Shape4D = [c.batchSize, c.outHeight, c.outWidth, c.outChannels];
        return convolveByWinograd(backend, { x, filter, shape, padTop, padLeft, bias, relu: activation === 'relu' });
      };
    },
  };
}

export const conv2d = define('Conv2D');

/** A convolution, the addition of a bias and an activation. */
export const fusedConv2d = define('FusedConv2D');
