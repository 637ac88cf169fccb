import { createNetwork } from '@interseg/models';
import { compileStep, engines, useEngine } from '@interseg/runtime';
import { Adam, createStep, runStep } from '@interseg/training';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

const available = new Set((await engines()).filter((engine) => engine.available).map(({ name }) => name));

const cases = (['wasm', 'native'] as const).map(
  (name) => [name, available.has(name) ? '' : ' (not installed)'] as const,
);

for (const [name, lack] of cases) {
  it.skipIf(lack !== '')(`500 training steps on ${name}${lack} leave tensors and memory as they were`, async () => {
    await useEngine(name);
    const size = 16;
    const network = createNetwork({ variant: 'unet', inputShape: [size, size, 1], classes: 1, filters: [2, 4] });
    const adam = new Adam(network.trainableVariables);
    const step = compileStep(createStep(network, adam, {}));
    const images = Float32Array.from({ length: 2 * size * size }, (_, i) => 0.5 + 0.5 * Math.sin(i * 0.37));
    const batch = { images, masks: images.map((value) => (value > 0.9 ? 1 : 0)), count: 2 };
    const shapes = { image: [size, size, 1], mask: [size, size, 1] };
    const memory: { tensors: number; mebibytes: number }[] = [];
    const losses: number[] = [];
    for (let k = 1; k <= 500; k++) {
      losses.push((await runStep(step, batch, shapes, Adam.step(3e-3, k))).loss.total);
      if (k % 100 === 0) {
        memory.push({ tensors: tf.memory().numTensors, mebibytes: process.memoryUsage.rss() / 2 ** 20 });
      }
    }
    expect(new Set(memory.map(({ tensors }) => tensors)).size).toBe(1);
    // JavaScript's own heap comes and goes by as much; an image kept by each step would be a few MiB, a feature map more.
    expect(memory.at(-1)!.mebibytes - memory[0]!.mebibytes).toBeLessThan(64);
    expect(losses.at(-1)).toBeLessThan(0.9 * losses[0]!);
    adam.dispose();
    network.dispose();
  });
}
