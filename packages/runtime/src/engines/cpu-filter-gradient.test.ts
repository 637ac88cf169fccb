import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { load } from '../packages.ts';
import { pseudoRandom } from '../testing/values.ts';
import { filterGradient } from './cpu-filter-gradient.ts';

// Without useEngine, which would replace the kernel to compare with.
load('@tensorflow/tfjs-backend-cpu');

type Shape = [number, number, number, number];

/** The gradient by the kernel of the backend itself, which nothing has replaced here. */
function stockGradient(x: tf.Tensor4D, dy: tf.Tensor4D, attrs: tf.NamedAttrMap): tf.Tensor {
  return tf.engine().runKernel('Conv2DBackpropFilter', { x, dy }, attrs);
}

test.each<[string, Shape, Shape, number | [number, number], number | 'same' | 'valid', 'NHWC' | 'NCHW']>([
  ['3×3, same size', [2, 7, 5, 3], [3, 3, 3, 4], 1, 'same', 'NHWC'],
  ['1×1', [3, 4, 4, 2], [1, 1, 2, 5], 1, 'same', 'NHWC'],
  ['2×2, stride 2', [2, 8, 6, 3], [2, 2, 3, 2], 2, 'same', 'NHWC'],
  ['3×3, stride 2, odd size', [1, 7, 9, 2], [3, 3, 2, 3], 2, 'same', 'NHWC'],
  ['3×2, other strides, only inside', [2, 9, 8, 2], [3, 2, 2, 3], [2, 3], 'valid', 'NHWC'],
  ['5×5, padded by 3', [1, 6, 6, 1], [5, 5, 1, 2], 1, 3, 'NHWC'],
  ['channels first', [2, 3, 7, 5], [3, 3, 3, 4], 1, 'same', 'NCHW'],
])(
  'the gradient of a filter has every bit of the stock kernel: %s',
  async (_, shape, filterShape, strides, pad, dataFormat) => {
    await tf.setBackend('cpu');
    const attrs = { filterShape, strides, pad, dataFormat, dimRoundingMode: undefined } as unknown as tf.NamedAttrMap;
    const read = (tensor: tf.Tensor) => [tensor, tensor.dataSync()] as const;
    tf.tidy(() => {
      const x = tf.tensor4d(pseudoRandom(tf.util.sizeFromShape(shape), 1), shape);
      const filter = tf.zeros<tf.Rank.R4>(filterShape);
      const { outShape } = tf.backend_util.computeConv2DInfo(
        shape,
        filterShape,
        strides,
        1,
        pad,
        undefined,
        false,
        dataFormat === 'NHWC' ? 'channelsLast' : 'channelsFirst',
      );
      const dy = tf.tensor4d(pseudoRandom(tf.util.sizeFromShape(outShape), 2), outShape);
      const expected = stockGradient(x, dy, attrs);
      const { shape: found, values } = filterGradient(read(x), read(dy), attrs);
      expect(found).toEqual(filter.shape);
      expect(values.some((value) => value !== 0)).toBe(true);
      expect([...values]).toEqual([...expected.dataSync()]);
    });
  },
);
