import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { variants } from '@interseg/models';
import { beforeAll, expect, it } from 'vitest';
import { variantDifference } from './variants.ts';

beforeAll(() => tf.setBackend('cpu'));

// Each variant with one of the settings, and each setting with some variant; the slow test has all of them.
const normalizations = ['instance', 'batch', 'group', 'none'] as const;
const cases = variants().map(({ name }, index) => ({
  variant: name,
  normalization: normalizations[index % 4]!,
  upSampling: index % 3 === 0 ? ('bilinear' as const) : ('transpose' as const),
  outputActivation: index % 5 === 1 ? ('softmax' as const) : ('sigmoid' as const),
}));

it.each(cases)('$variant, $normalization, $upSampling, $outputActivation: onnxruntime agrees', async (options) => {
  expect(await variantDifference(options, 'nchw')).toBeLessThan(1e-5);
});

it('agrees with height, width and channels in the order of TensorFlow, too', async () => {
  expect(await variantDifference({ variant: 'unet', outputActivation: 'softmax' }, 'nhwc')).toBeLessThan(1e-5);
});
