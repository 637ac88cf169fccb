// What a training step of each variant costs, in time and memory, beside the plain backbone's: node tools/bench/variants.mjs
// [--engine wasm] [--rounds 7] [--size 96] [--batch 8] [--filters 8,16,32,64,128] [--variants a,b]. Rounds are interleaved, so
// that a noisy machine is noisy for all; the ratio of a round is taken within the round.
import { parseArgs } from 'node:util';
import { createNetwork, variants } from '@interseg/models';
import { useEngine } from '@interseg/runtime';
import { Adam, createStep, runStep } from '@interseg/training';
import * as tf from '@tensorflow/tfjs-core';

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'wasm' },
    rounds: { type: 'string', default: '7' },
    size: { type: 'string', default: '96' },
    batch: { type: 'string', default: '8' },
    filters: { type: 'string', default: '8,16,32,64,128' },
    variants: { type: 'string' },
  },
});
const [size, count, rounds] = [values.size, values.batch, values.rounds].map(Number);
const filters = values.filters.split(',').map(Number);
const names = values.variants?.split(',') ?? variants().map(({ name }) => name);
const engine = await useEngine(values.engine);
console.error(`${engine.description}; ${size}×${size}, batch ${count}, filters ${filters}; ${rounds} rounds`);

const images = Float32Array.from({ length: count * size * size }, (_, i) => 0.5 + 0.5 * Math.sin(i * 0.37));
const masks = images.map((value) => (value > 0.9 ? 1 : 0));
const shapes = { image: [size, size, 1], mask: [size, size, 1] };

/** Runs a few steps of a variant; returns milliseconds of the last one and the most bytes in use during it. */
async function measure(variant) {
  const network = createNetwork({ variant, inputShape: [size, size, 1], classes: 1, filters });
  const optimizer = new Adam(network.trainableVariables);
  const step = createStep(network, optimizer, {});
  let [milliseconds, bytes] = [0, 0];
  for (let index = 0; index < 3; index++) {
    const started = performance.now();
    await runStep(step, { images, masks, count }, shapes, Adam.step(3e-4, index));
    milliseconds = performance.now() - started;
  }
  // The profile slows the step down, so it is one of its own.
  const { peakBytes } = await tf.profile(() =>
    step({
      image: tf.tensor(images, [count, ...shapes.image]),
      mask: tf.tensor(masks, [count, ...shapes.mask]),
      stepSize: tf.scalar(1e-4),
      epsilon: tf.scalar(1e-8),
    }),
  );
  bytes = peakBytes;
  const parameters = { trained: network.train.countParams(), shipped: network.deploy.countParams() };
  optimizer.dispose();
  network.dispose();
  return { milliseconds, bytes, ...parameters };
}

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const results = new Map(names.map((name) => [name, []]));
for (let round = 0; round < rounds; round++) {
  for (const name of names) results.get(name).push(await measure(name));
  console.error(`round ${round + 1} of ${rounds}`);
}
const baseline = (name) => (name.endsWith('unetpp') ? 'unetpp' : 'unet');
console.log(
  '| variant | ms per step | × backbone | lowest–highest | peak MiB | × backbone | parameters trained | shipped |',
);
console.log('|---|---|---|---|---|---|---|---|');
for (const [name, list] of results) {
  const base = results.get(baseline(name)) ?? list;
  const ratios = list.map(({ milliseconds }, round) => milliseconds / base[round].milliseconds);
  const [{ bytes, trained, shipped }] = list;
  const cells = [
    `\`${name}\``,
    median(list.map(({ milliseconds }) => milliseconds)).toFixed(0),
    median(ratios).toFixed(2),
    `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`,
    (bytes / 2 ** 20).toFixed(0),
    (bytes / base[0].bytes).toFixed(2),
    trained,
    shipped,
  ];
  console.log(`| ${cells.join(' | ')} |`);
}
