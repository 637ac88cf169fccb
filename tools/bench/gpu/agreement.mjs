// Whether the gradients of every variant on webgpu are those on cpu: the loss and the gradient of every weight of a small
// network, from the same weights. Prints one line for each; ends with status 1 where one differs by more than rounding.
// Usage: node tools/bench/gpu/agreement.mjs [--engine webgpu] [--size 32] [--filters 8,16,32]
import { parseArgs } from 'node:util';
import { createNetwork, variants } from '@interseg/models';
import { useEngine } from '@interseg/runtime';
import * as tf from '@tensorflow/tfjs-core';

const text = (value) => ({ type: 'string', default: value });
const { values } = parseArgs({ options: { engine: text('webgpu'), size: text('32'), filters: text('8,16,32') } });
const size = Number(values.size);
const filters = values.filters.split(',').map(Number);
const batch = 3;

/** Relative to the largest number of the tensor; float32 sums of some thousand terms in another order differ by less. */
const tolerance = 1e-4;

const numbers = Float32Array.from({ length: batch * size * size }, (_, i) => Math.sin(i * 0.37) + 0.3 * Math.cos(i));
const marks = numbers.map((value) => (value > 0.9 ? 1 : 0));

/** The loss and all gradients on the engine that is in use. */
async function differentiate(variant, normalization) {
  const network = createNetwork({ variant, normalization, inputShape: [size, size, 1], classes: 1, filters, seed: 5 });
  const image = tf.tensor(numbers, [batch, size, size, 1]);
  const mask = tf.tensor(marks, [batch, size, size, 1]);
  const { value, grads } = tf.variableGrads(() => network.loss({ image, mask }).total, network.trainableVariables);
  const found = [await value.data()];
  for (const { name } of network.trainableVariables) found.push(await grads[name].data());
  tf.dispose([image, mask, value, grads]);
  network.dispose();
  return found;
}

function difference(found, expected) {
  let [most, scale] = [0, 0];
  expected.forEach((value, k) => {
    most = Math.max(most, Math.abs(found[k] - value));
    scale = Math.max(scale, Math.abs(value));
  });
  return Number.isFinite(most) ? most / (scale || 1) : Infinity;
}

const cases = variants().flatMap(({ name }) => ['none', 'instance'].map((normalization) => [name, normalization]));
const expected = [];
await useEngine('cpu');
for (const one of cases) expected.push(await differentiate(...one));
const { description } = await useEngine(values.engine);
console.log(
  `${description}: loss and gradients beside cpu, largest difference relative to the tensor's largest number`,
);
for (const [k, [variant, normalization]] of cases.entries()) {
  const found = await differentiate(variant, normalization);
  const [loss, ...gradients] = found.map((one, at) => difference(one, expected[k][at]));
  const worst = Math.max(...gradients);
  const bad = !(loss < tolerance && worst < tolerance);
  if (bad) process.exitCode = 1;
  const words = `loss ${loss.toExponential(1)}  gradients ${worst.toExponential(1)}${bad ? '  DIFFERS' : ''}`;
  console.log(`${variant.padEnd(14)} ${normalization.padEnd(9)} ${words}`);
}
