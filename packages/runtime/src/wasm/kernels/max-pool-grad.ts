import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import { findAddress, type KernelDefinition, findSimd } from '../kernel.ts';

type Info = ReturnType<typeof backend_util.computePool2DInfo>;

/**
 * The gradient of max pooling: the first largest value of each window receives the window's gradient. The backend's own
 * kernel starts its search at 0, so that windows of negative values lose their gradients.
 */
export const maxPoolGrad: KernelDefinition = {
  name: 'MaxPoolGrad',
  create:
    () =>
    ({ inputs, attrs, backend }) => {
      const { dy, input } = inputs as Record<'dy' | 'input', TensorInfo>;
      const c = backend_util.computePool2DInfo(
        input.shape as [number, number, number, number],
        attrs['filterSize'] as number | [number, number],
        attrs['strides'] as number | [number, number],
        1,
        attrs['pad'] as Parameters<typeof backend_util.computePool2DInfo>[4],
        attrs['dimRoundingMode'] as Parameters<typeof backend_util.computePool2DInfo>[5],
      );
      const dx = backend.makeOutput(input.shape, 'float32');
      if (isPlainHalving(c)) {
        const places = [input, dy, dx].map((t) => findAddress(backend, t));
        const units = c.batchSize * c.outHeight;
        const grain = Math.ceil(100_000 / (4 * c.outWidth * c.inChannels));
        findSimd(backend).run('maxPool2x2Gradient', [...places, c.outWidth, c.inChannels], { units, grain });
      } else {
        const [x, g, out] = [input, dy, dx].map((t) => backend.typedArrayFromHeap(t) as Float32Array);
        spread(c, x!, g!, out!);
      }
      return dx;
    },
};

/** Whether windows of 2 x 2 cover the input without remainder. */
function isPlainHalving(c: Info): boolean {
  return (
    [c.filterHeight, c.filterWidth, c.strideHeight, c.strideWidth].every((n) => n === 2) &&
    c.inHeight === 2 * c.outHeight &&
    c.inWidth === 2 * c.outWidth &&
    c.inChannels % 4 === 0
  );
}

function spread(c: Info, x: Float32Array, dy: Float32Array, dx: Float32Array): void {
  dx.fill(0);
  let window = 0;
  for (let n = 0; n < c.batchSize; n++) {
    for (let oy = 0; oy < c.outHeight; oy++) {
      const top = oy * c.strideHeight - c.padInfo.top;
      for (let ox = 0; ox < c.outWidth; ox++) {
        const left = ox * c.strideWidth - c.padInfo.left;
        for (let channel = 0; channel < c.inChannels; channel++) {
          let best = -1;
          let largest = -Infinity;
          for (let y = Math.max(0, top); y < Math.min(c.inHeight, top + c.filterHeight); y++) {
            for (let column = Math.max(0, left); column < Math.min(c.inWidth, left + c.filterWidth); column++) {
              const at = ((n * c.inHeight + y) * c.inWidth + column) * c.inChannels + channel;
              const value = x[at]!;
              if (value > largest || best < 0) {
                largest = value;
                best = at;
              }
            }
          }
          if (best >= 0) dx[best]! += dy[window]!;
          window++;
        }
      }
    }
  }
}
