import { createNetwork, variants } from '@interseg/models';
import { useEngine } from '@interseg/runtime';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

/** The loss and the gradients of every weight on an engine, for the same weights and data. */
async function gradients(
  engine: 'wasm' | 'cpu',
  variant: string,
  normalization: 'none' | 'batch' | 'instance' | 'group',
) {
  await useEngine(engine);
  const network = createNetwork({
    variant,
    normalization,
    inputShape: [16, 24, 2],
    classes: 2,
    filters: [4, 4, 8],
    groups: 2,
  });
  const image = tf.randomUniform([2, 16, 24, 2], 0, 1, 'float32', 5);
  const mask = tf.cast(tf.greater(tf.randomUniform([2, 16, 24, 2], 0, 1, 'float32', 6), 0.7), 'float32');
  const variables = network.trainableVariables;
  const { value, grads } = tf.variableGrads(() => network.loss({ image, mask }).total, variables);
  const result = { loss: value.dataSync()[0]!, gradients: variables.map(({ name }) => grads[name]!.dataSync()) };
  tf.dispose([image, mask, value, grads]);
  network.dispose();
  return result;
}

const largest = (values: ArrayLike<number>): number => Array.from(values).reduce((m, v) => Math.max(m, Math.abs(v)), 0);

describe('wasm computes what cpu does', () => {
  const normalizations = (['none', 'batch', 'instance', 'group'] as const).map((one) => ['twi-unet', one] as const);
  const others = variants().map(({ name }) => [name, 'instance'] as const);
  it.each([...normalizations, ...others])('%s with normalisation %s', async (variant, normalization) => {
    const [wasm, cpu] = [
      await gradients('wasm', variant, normalization),
      await gradients('cpu', variant, normalization),
    ];
    expect(wasm.loss).toBeCloseTo(cpu.loss, 4);
    const whole = Math.max(...cpu.gradients.map(largest));
    wasm.gradients.forEach((gradient, index) => {
      const expected = cpu.gradients[index]!;
      const difference = largest(gradient.map((value, i) => value - expected[i]!));
      // Relative to the weight's own gradient, or where that is next to nothing, to the largest of all.
      expect(difference).toBeLessThan(1e-4 * Math.max(largest(expected), 0.05 * whole));
    });
  });
});
