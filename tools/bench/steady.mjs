// Whether training needs more and more memory: trains a small network for many steps on each engine, in a process of its own,
// and prints tensors and memory on the way. Ends with status 1 where they grow: where there is another number of tensors, or where
// the line through the memory of the process surely (by two standard errors) rises by more than a quarter of a batch's images per step.
// Usage: node tools/bench/steady.mjs [--engines wasm,native] [--steps 2000] [--variant twi-unet] [--size 32] [--batch 4] [--filters 4,8]
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { createNetwork } from '@interseg/models';
import { compileStep, engines, useEngine } from '@interseg/runtime';
import { Adam, createStep, runStep } from '@interseg/training';
import * as tf from '@tensorflow/tfjs-core';
import { slopeOf } from './slope.mjs';

const text = (value) => ({ type: 'string', default: value });
const { values } = parseArgs({
  options: {
    engines: { type: 'string' },
    engine: { type: 'string' },
    steps: text('2000'),
    variant: text('twi-unet'),
    size: text('32'),
    batch: text('4'),
    filters: text('4,8'),
  },
});
/** Measured so often; the first part of them is left out, in which engines fill their pools and JavaScript compiles. */
const [measurements, warmUp] = [100, 25];

if (values.engine !== undefined) {
  process.exitCode = (await train(values.engine)) ? 0 : 1;
} else {
  const here = (await engines()).filter(({ name, available }) => available && name !== 'cpu').map(({ name }) => name);
  const shared = ['steps', 'variant', 'size', 'batch', 'filters'].flatMap((name) => [`--${name}`, values[name]]);
  for (const engine of values.engines?.split(',') ?? here) {
    try {
      const script = process.argv[1];
      execFileSync(process.execPath, ['--expose-gc', script, '--engine', engine, ...shared], { stdio: 'inherit' });
    } catch {
      process.exitCode = 1;
    }
  }
}

/** Trains, prints, and tells whether memory stayed as it was. */
async function train(name) {
  const { description } = await useEngine(name);
  const [size, count, steps] = [values.size, values.batch, values.steps].map(Number);
  const filters = values.filters.split(',').map(Number);
  const network = createNetwork({ variant: values.variant, inputShape: [size, size, 1], classes: 1, filters });
  const adam = new Adam(network.trainableVariables);
  const step = compileStep(createStep(network, adam, {}));
  const images = Float32Array.from({ length: count * size * size }, (_, i) => 0.5 + 0.5 * Math.sin(i * 0.37));
  const masks = images.map((value) => (value > 0.9 ? 1 : 0));
  const shapes = { image: [size, size, 1], mask: [size, size, 1] };
  const measured = [];
  for (let k = 1; k <= steps; k++) {
    await runStep(step, { images, masks, count }, shapes, Adam.step(1e-3, k));
    if (k % Math.ceil(steps / measurements) !== 0) continue;
    globalThis.gc?.();
    const { numTensors, numBytesAllocatedInGPU } = tf.memory();
    measured.push({ step: k, tensors: numTensors, bytes: process.memoryUsage.rss(), gpu: numBytesAllocatedInGPU });
  }
  const settled = measured.slice(warmUp);
  const { slope, error } = slopeOf(
    settled.map((one) => one.step),
    settled.map((one) => one.bytes),
  );
  const [first, last] = [measured[0], measured.at(-1)];
  const isFlat = measured.every((one) => one.tensors === first.tensors && one.gpu === first.gpu);
  const isSteady = isFlat && slope - 2 * error < images.byteLength / 4;
  const mebibytes = measured.filter((_, i) => (i + 1) % 10 === 0).map(({ bytes }) => (bytes / 2 ** 20).toFixed(0));
  console.log(`${description}, ${values.variant}, ${steps} steps: tensors ${first.tensors} then ${last.tensors}`);
  console.log(`  process, MiB: ${mebibytes.join(' ')}`);
  console.log(
    `  slope ${slope.toFixed(0)} ± ${(2 * error).toFixed(0)} bytes per step; ${isSteady ? 'steady' : 'IT GROWS'}`,
  );
  return isSteady;
}
