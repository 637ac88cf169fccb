import { util } from '@tensorflow/tfjs-core';
import { findAddress, areFloats, type KernelDefinition, findSimd } from '../kernel.ts';

/** The number of values that is worth a thread. */
const grainValues = 200_000;

/**
 * Sum and mean over neighbouring axes. The backend's own kernels transpose first, unless the axes are the last ones,
 * and add in single precision, which loses three digits over a batch of images.
 */
function define(name: 'Sum' | 'Mean'): KernelDefinition {
  return {
    name,
    create: (stock) => {
      const own = stock(name);
      return (call) => {
        const { backend, attrs } = call;
        const x = call.inputs['x']!;
        const axes = util.parseAxisParam(attrs['axis'] as number | number[], x.shape).sort((a, b) => a - b);
        const [first, last] = [axes[0], axes[axes.length - 1]];
        if (first === undefined || last === undefined || last - first !== axes.length - 1 || !areFloats(x)) {
          return own(call);
        }
        const outer = util.sizeFromShape(x.shape.slice(0, first));
        const rows = util.sizeFromShape(x.shape.slice(first, last + 1));
        const channels = util.sizeFromShape(x.shape.slice(last + 1));
        const outShape = x.shape.flatMap((size, k) => (k < first || k > last ? size : attrs['keepDims'] ? 1 : []));
        const out = backend.makeOutput(outShape, 'float32');
        const places = [findAddress(backend, x), findAddress(backend, out)];
        const scale = name === 'Sum' ? 1 : 1 / rows;
        const grain = Math.ceil(grainValues / (rows * channels));
        findSimd(backend).run('sumRows', [...places, rows, channels, scale], { units: outer, grain, scratch: 64 });
        return out;
      };
    },
  };
}

export const sum = define('Sum');
export const mean = define('Mean');
