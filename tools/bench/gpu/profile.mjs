// Where the time of a training step of the U-Net goes on an engine: each of its operations at each level, many times in a
// row, timed until the last result is there. Prints milliseconds, and what that is in GFLOP/s or GB/s. On webgpu, the
// backend's own convolution and gradient of the input stand below InterSeg's ("stock").
// Usage: node tools/bench/gpu/profile.mjs [--engine webgpu] [--batch 32] [--size 128] [--filters 16,32,64,128,256]
import { parseArgs } from 'node:util';
import { createNetwork } from '@interseg/models';
import { compileStep, useEngine } from '@interseg/runtime';
import { Adam, createStep } from '@interseg/training';
import * as tf from '@tensorflow/tfjs-core';

const text = (value) => ({ type: 'string', default: value });
const { values } = parseArgs({
  options: {
    engine: text('webgpu'),
    batch: text('32'),
    size: text('128'),
    filters: text('16,32,64,128,256'),
    rounds: text('20'),
  },
});
const [batch, size, rounds] = ['batch', 'size', 'rounds'].map((name) => Number(values[name]));
const filters = values.filters.split(',').map(Number);
const stock = values.engine === 'webgpu' ? await keepStock() : undefined;
const { description } = await useEngine(values.engine);
console.log(`${description}; batch ${batch}, ${size}×${size}, widths ${filters}, ${rounds} calls in a row`);

/** Gives the backend's kernels, before InterSeg's take their places, names of their own. */
async function keepStock() {
  await import('@tensorflow/tfjs-backend-webgpu');
  for (const kernelName of ['Conv2D', 'Conv2DBackpropInput']) {
    const { kernelFunc, backendName } = tf.getKernel(kernelName, 'webgpu');
    tf.registerKernel({ kernelName: `Stock${kernelName}`, backendName, kernelFunc });
  }
  return (name, inputs, attributes) => tf.engine().runKernel(`Stock${name}`, inputs, attributes);
}

const random = (shape, seed = 1) => tf.randomNormal(shape, 0, 1, 'float32', seed);

async function time(name, shapes, run, { flops = 0, bytes = 0 } = {}) {
  const inputs = shapes.map((shape, k) => random(shape, k + 1));
  const once = () => tf.tidy(() => run(...inputs));
  const finish = async (tensor) => {
    const last = tf.tidy(() => tf.slice(tf.reshape(tensor, [-1]), [0], [1]));
    await last.data();
    tf.dispose([tensor, last]);
  };
  await finish(once());
  await finish(once());
  const before = performance.now();
  for (let k = 1; k < rounds; k++) once().dispose();
  const encoded = performance.now();
  await finish(once());
  const [host, all] = [encoded - before, performance.now() - before].map((ms) => ms / rounds);
  tf.dispose(inputs);
  const rate = flops
    ? `${(flops / all / 1e6).toFixed(0)} GFLOP/s`
    : bytes
      ? `${(bytes / all / 1e6).toFixed(0)} GB/s`
      : '';
  console.log(`${name.padEnd(46)} ${all.toFixed(3).padStart(9)} ms  host ${host.toFixed(3).padStart(7)}  ${rate}`);
}

const kernel = (name, inputs, attributes) => tf.engine().runKernel(name, inputs, attributes);
for (const [level, width] of filters.entries()) {
  const side = size / 2 ** level;
  const at = `${side}×${side}×`;
  const map = [batch, side, side, width];
  const pixels = batch * side * side;
  for (const [from, to] of [
    [level === 0 ? 1 : filters[level - 1], width],
    [width, width],
    [2 * width, width],
  ]) {
    const [x, y, f] = [
      [batch, side, side, from],
      [batch, side, side, to],
      [3, 3, from, to],
    ];
    const flops = 2 * 9 * pixels * from * to;
    const common = { strides: [1, 1], pad: 'same', dataFormat: 'NHWC', dilations: 1 };
    await time(`conv ${at}${from}→${to}`, [x, f], (a, b) => tf.conv2d(a, b, 1, 'same'), { flops });
    if (stock) {
      const forward = (a, b) => stock('Conv2D', { x: a, filter: b }, common);
      await time(`  stock`, [x, f], forward, { flops });
    }
    const filter = (a, b) => kernel('Conv2DBackpropFilter', { x: a, dy: b }, { ...common, filterShape: f });
    await time(`  gradient of the filter`, [x, y], filter, { flops });
    const input = (a, b) => kernel('Conv2DBackpropInput', { dy: a, filter: b }, { ...common, inputShape: x });
    await time(`  gradient of the input`, [y, f], input, { flops });
    if (stock) {
      const other = (a, b) => stock('Conv2DBackpropInput', { dy: a, filter: b }, { ...common, inputShape: x });
      await time(`    stock`, [y, f], other, { flops });
    }
  }
  const bytes = pixels * width * 4;
  await time(`bias ${at}${width}`, [map, [width]], (a, b) => tf.add(a, b), { bytes: 2 * bytes });
  await time(`  gradient of the bias`, [map], (a) => tf.sum(a, [0, 1, 2]), { bytes });
  await time(`mean and variance over height and width`, [map], (a) => tf.moments(a, [1, 2], true).variance, { bytes });
  await time(`relu ${at}${width}`, [map], (a) => tf.relu(a), { bytes: 2 * bytes });
  await time(`  gradient`, [map, map], (a, b) => tf.mul(a, tf.step(b)), { bytes: 3 * bytes });
  await time(`concat 2× ${at}${width}`, [map, map], (a, b) => tf.concat([a, b], 3), { bytes: 4 * bytes });
  if (level === filters.length - 1) continue;
  const below = [batch, side / 2, side / 2, width];
  await time(`max pool ${at}${width}`, [map], (a) => tf.maxPool(a, 2, 2, 'valid'), { bytes: 1.25 * bytes });
  const pooling = { filterSize: [2, 2], strides: [2, 2], pad: 'valid' };
  const unpool = (dy, input, output) => kernel('MaxPoolGrad', { dy, input, output }, pooling);
  await time(`  gradient`, [below, map, below], unpool, { bytes: 2.5 * bytes });
  const wide = filters[level + 1];
  const [deep, up] = [
    [batch, side / 2, side / 2, wide],
    [2, 2, width, wide],
  ];
  const flops = 2 * pixels * wide * width;
  const raise = (a, b) => tf.conv2dTranspose(a, b, map, 2, 'same');
  await time(`transposed conv to ${at}${width}`, [deep, up], raise, { flops });
  const strided = { strides: [2, 2], pad: 'same', dataFormat: 'NHWC', dilations: 1 };
  if (stock) {
    const other = (dy, filter) => stock('Conv2DBackpropInput', { dy, filter }, { ...strided, inputShape: map });
    await time(`  stock`, [deep, up], other, { flops });
  }
  const ofFilter = (dy, x) => kernel('Conv2DBackpropFilter', { x: dy, dy: x }, { ...strided, filterShape: up });
  await time(`  gradient of the filter`, [map, deep], ofFilter, { flops });
  await time(`  gradient of the input`, [map, up], (a, b) => tf.conv2d(a, b, 2, 'same'), { flops });
  if (stock) {
    await time(`    stock`, [map, up], (x, filter) => stock('Conv2D', { x, filter }, strided), { flops });
  }
}

const network = createNetwork({ variant: 'unet', inputShape: [size, size, 1], classes: 1, filters });
const adam = new Adam(network.trainableVariables);
const gradients = Object.fromEntries(adam.variables.map(({ name, shape }) => [name, random(shape)]));
const scalars = { stepSize: tf.scalar(1e-4), epsilon: tf.scalar(1e-8) };
const first = adam.variables[0];
await time('Adam of all weights', [], () => (adam.apply(gradients, scalars), first.clone()));
const image = random([batch, size, size, 1]);
const mask = tf.cast(tf.greater(image, 0), 'float32');
const step = createStep(network, adam, {});
const replayed = compileStep(step);
await time('step, operation by operation', [], () => step({ image, mask, ...scalars }).total);
await time('step, compiled', [], () => replayed({ image, mask, ...scalars }).total);
