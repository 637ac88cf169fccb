import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { normalizations, outputActivations, upSamplings, variants } from '@interseg/models';
import { beforeAll, expect, it } from 'vitest';
import { onnxLayouts } from '../src/index.ts';
import { variantDifference } from './variants.ts';

beforeAll(() => tf.setBackend('cpu'));

const settings = normalizations.flatMap((normalization) =>
  upSamplings.flatMap((upSampling) =>
    outputActivations.map((outputActivation) => ({ normalization, upSampling, outputActivation })),
  ),
);

it.each(variants().map(({ name }, index) => [name, index] as const))(
  '%s agrees with onnxruntime whatever its settings',
  async (variant, index) => {
    for (const [position, setting] of settings.entries()) {
      const options = { variant, ...setting };
      // Layouts take turns, so that every setting has each of them with some variant.
      const layout = onnxLayouts[(index + position) % 2]!;
      expect(await variantDifference(options, layout), JSON.stringify({ ...options, layout })).toBeLessThan(1e-5);
    }
  },
);
