import { createNetwork, variants } from '@interseg/models';
import { engines, useEngine } from '@interseg/runtime';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { softwareVulkan } from '../build/vulkan.ts';

type Normalization = 'none' | 'batch' | 'instance' | 'group';

interface Outcome {
  readonly loss: number;
  readonly gradients: readonly ArrayLike<number>[];
}

/** The loss and the gradients of every weight on an engine, for the same weights and data. */
async function gradients(
  engine: 'wasm' | 'webgpu' | 'cpu',
  variant: string,
  normalization: Normalization,
): Promise<Outcome> {
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
  const result = {
    loss: (await value.data())[0]!,
    gradients: await Promise.all(variables.map(({ name }) => grads[name]!.data())),
  };
  tf.dispose([image, mask, value, grads]);
  network.dispose();
  return result;
}

const largest = (values: ArrayLike<number>): number => Array.from(values).reduce((m, v) => Math.max(m, Math.abs(v)), 0);

const onCpu = new Map<string, Outcome>();

/** What is right; computed once for all engines. */
async function expected(variant: string, normalization: Normalization): Promise<Outcome> {
  const key = `${variant}, ${normalization}`;
  const outcome = onCpu.get(key) ?? (await gradients('cpu', variant, normalization));
  onCpu.set(key, outcome);
  return outcome;
}

const normalizations = (['none', 'batch', 'instance', 'group'] as const).map((one) => ['twi-unet', one] as const);
const others = variants().map(({ name }) => [name, 'instance'] as const);
const webgpu = (await engines()).find(({ name }) => name === 'webgpu')!;
const lack = softwareVulkan() === undefined ? 'no Vulkan driver here; that of Chromium is enough' : webgpu.reason;
const cases = [
  ['wasm', ''],
  ['webgpu', webgpu.available ? '' : ` (skipped: ${lack})`],
] as const;

describe.each(cases)('%s computes what cpu does%s', (engine, skipped) => {
  it.skipIf(skipped !== '').each([...normalizations, ...others])('%s, %s', async (variant, normalization) => {
    const cpu = await expected(variant, normalization);
    const found = await gradients(engine, variant, normalization);
    expect(found.loss).toBeCloseTo(cpu.loss, 4);
    const whole = Math.max(...cpu.gradients.map(largest));
    found.gradients.forEach((gradient, index) => {
      const right = cpu.gradients[index]!;
      const difference = largest(Array.from(gradient, (value, i) => value - right[i]!));
      // Relative to the weight's own gradient, or where that is next to nothing, to the largest of all.
      expect(difference).toBeLessThan(1e-4 * Math.max(largest(right), 0.05 * whole));
    });
  });
});
