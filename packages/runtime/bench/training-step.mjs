// Times a training step of a U-Net on an engine, and says where the time goes.
// Usage: nx build runtime && node packages/runtime/bench/training-step.mjs [engine] [operations|fused|none] [threads] [widths] [size]
// `operations` builds instance normalisation from single operations, `fused` uses the kernel FusedNormalization (wasm).
// Times are those of the processor, of all threads together, as other work on the machine lengthens all others.
import * as tf from '@tensorflow/tfjs-core';
import { useEngine } from '../dist/index.js';

const [name = 'wasm', normalization = 'fused', threads, widths = '8,16,32,64,128', length = '96'] =
  process.argv.slice(2);
const filters = widths.split(',').map(Number);
const [batch, size, steps] = [8, Number(length), 8];
const processorTime = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const start = performance.now();
const engine = await useEngine(name, threads === undefined ? {} : { threads: Number(threads) });
console.log(`${engine.description}, started in ${(performance.now() - start).toFixed(0)} ms`);

const variables = [];
const keep = (t) => (variables.push(tf.variable(t)), variables.at(-1));
const kernel = (shape, fan) => keep(tf.randomNormal(shape, 0, Math.sqrt(2 / fan), 'float32', variables.length + 1));
const unit = (from, to) => [
  kernel([3, 3, from, to], 9 * from),
  keep(tf.zeros([to])),
  keep(tf.ones([to])),
  keep(tf.zeros([to])),
];

const normalizations = {
  none: (x) => x,
  operations(x, scale, shift) {
    const centerd = tf.sub(x, tf.mean(x, [1, 2], true));
    const variance = tf.mean(tf.square(centerd), [1, 2], true);
    return tf.add(tf.mul(tf.mul(centerd, tf.rsqrt(tf.add(variance, 1e-5))), scale), shift);
  },
  fused(x, scale, shift) {
    const run = (kernel, inputs, attributes) => tf.engine().runKernel(kernel, inputs, attributes);
    const [n, h, w, c] = x.shape;
    const normalize = tf.customGrad((x, scale, shift, save) => {
      const [value, mean, inverse] = run('FusedNormalization', { x, scale, shift }, { epsilon: 1e-5, groupSize: 1 });
      save([x, scale, mean, inverse]);
      const gradFunc = (dy, [x, scale, mean, inverse]) => {
        const [dx, ...rest] = run('FusedNormalizationGrad', { x, dy, scale, mean, inverse }, { groupSize: 1 });
        return [dx, ...rest.map((t) => tf.sum(t, 0))];
      };
      return { value, gradFunc };
    });
    return tf.reshape(normalize(tf.reshape(x, [n, h * w, c]), scale, shift), x.shape);
  },
};
const normalize = normalizations[normalization];
const apply = (x, [w, b, scale, shift]) => tf.relu(normalize(tf.add(tf.conv2d(x, w, 1, 'same'), b), scale, shift));

const encoder = filters.map((f, k) => [unit(k === 0 ? 1 : filters[k - 1], f), unit(f, f)]);
const decoder = filters.slice(0, -1).map((f, k) => ({
  up: [kernel([2, 2, f, filters[k + 1]], filters[k + 1]), keep(tf.zeros([f]))],
  units: [unit(2 * f, f), unit(f, f)],
}));
const head = [kernel([1, 1, filters[0], 1], filters[0]), keep(tf.zeros([1]))];

function forward(x) {
  const skipped = [];
  encoder.forEach((units, k) => {
    x = units.reduce(apply, k === 0 ? x : tf.maxPool(x, 2, 2, 'valid'));
    skipped.push(x);
  });
  for (let k = decoder.length - 1; k >= 0; k--) {
    const { up, units } = decoder[k];
    x = tf.add(tf.conv2dTranspose(x, up[0], skipped[k].shape, 2, 'same'), up[1]);
    x = units.reduce(apply, tf.concat([skipped[k], x], 3));
  }
  return tf.add(tf.conv2d(x, head[0], 1, 'same'), head[1]);
}

function loss(logits, labels) {
  const p = tf.sigmoid(logits);
  const softplus = tf.log1p(tf.exp(tf.neg(tf.abs(logits))));
  const crossEntropy = tf.mean(tf.add(tf.sub(tf.relu(logits), tf.mul(logits, labels)), softplus));
  const over = (t) => tf.sum(t, [1, 2]);
  const dice = tf.div(tf.add(tf.mul(2, over(tf.mul(p, labels))), 1), tf.add(tf.add(over(p), over(labels)), 1));
  return tf.add(crossEntropy, tf.sub(1, tf.mean(dice)));
}

const images = tf.randomNormal([batch, size, size, 1], 0, 1, 'float32', 1);
const labels = tf.cast(tf.greater(images, 0.8), 'float32');
const optimizer = tf.train.adam(3e-4);
function step() {
  const value = optimizer.minimize(() => loss(forward(images), labels), true, variables);
  const number = value.dataSync()[0];
  value.dispose();
  return number;
}

const spent = new Map();
function profile() {
  for (const config of tf.getKernelsForBackend(tf.getBackend())) {
    tf.unregisterKernel(config.kernelName, config.backendName);
    const kernelFunc = (call) => {
      const before = processorTime();
      const result = config.kernelFunc(call);
      const [ms, calls] = spent.get(config.kernelName) ?? [0, 0];
      spent.set(config.kernelName, [ms + processorTime() - before, calls + 1]);
      return result;
    };
    tf.registerKernel({ ...config, kernelFunc });
  }
}

for (let k = 0; k < 3; k++) step();
const times = Array.from({ length: steps }, () => {
  const before = processorTime();
  step();
  return processorTime() - before;
}).sort((a, b) => a - b);
const inference = processorTime();
for (let k = 0; k < 4; k++) tf.tidy(() => tf.sigmoid(forward(images)).dataSync());
const slices = (1000 * 4 * batch) / (processorTime() - inference);
profile();
for (let k = 0; k < steps; k++) step();
for (const [kernel, [ms, calls]] of [...spent].sort((a, b) => b[1][0] - a[1][0]).slice(0, 16)) {
  console.log(
    `${kernel.padEnd(28)}${(ms / steps).toFixed(1).padStart(8)} ms${(calls / steps).toFixed(0).padStart(6)} calls`,
  );
}
console.log(
  `step: median ${times[steps / 2].toFixed(0)} ms, fastest ${times[0].toFixed(0)} ms; loss ${step().toFixed(4)}`,
);
console.log(`inference: ${slices.toFixed(0)} slices/s; tensors: ${tf.memory().numTensors}`);
