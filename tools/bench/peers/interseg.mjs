// A training step and an inference of InterSeg, one each time a line comes in; prints the milliseconds of each.
// Usage: node interseg.mjs '{"engine":"native","replayed":true,"variant":"unet","normalization":"none",…}'
import { createInterface } from 'node:readline';
import { createNetwork } from '@interseg/models';
import { compileStep, useEngine } from '@interseg/runtime';
import { Adam, createStep } from '@interseg/training';
import * as tf from '@tensorflow/tfjs-core';

const { engine, precision, replayed, variant, normalization, size, batch, filters, threads } = JSON.parse(
  process.argv[2],
);
await useEngine(engine, { threads, precision });
const compile = (step) => {
  const onFallback = (reason) => {
    throw new Error(reason);
  };
  return replayed ? compileStep(step, { onFallback }) : step;
};
const network = createNetwork({ variant, normalization, inputShape: [size, size, 1], classes: 1, filters });
const adam = new Adam(network.trainableVariables);
const step = compile(createStep(network, adam, {}));
// Reduced to one number, as a GPU would otherwise be timed at sending all of them to the host.
const infer = compile(({ image }) => tf.tidy(() => ({ mean: tf.mean(network.deploy.apply(image)) })));
const image = tf.randomNormal([batch, size, size, 1], 0, 1, 'float32', 1);
const mask = tf.cast(tf.greater(image, 0), 'float32');

let count = 0;
/** Times a step up to the moment at which the host has the result of that name. */
const timed = async (work, result) => {
  const before = performance.now();
  const results = work();
  await results[result].data();
  const milliseconds = performance.now() - before;
  tf.dispose(results);
  return milliseconds.toFixed(2);
};
async function round() {
  const { stepSize, epsilon } = Adam.step(3e-4, count++);
  const numbers = { stepSize: tf.scalar(stepSize), epsilon: tf.scalar(epsilon) };
  const training = await timed(() => step({ image, mask, ...numbers }), 'total');
  const inference = await timed(() => infer({ image }), 'mean');
  tf.dispose(numbers);
  return `${training} ${inference}`;
}
const first = await round();
const sinceStart = (performance.now() - Number(first.split(' ')[1])).toFixed(0);
for (let k = 0; k < 3; k++) await round();
console.log(`ready ${sinceStart}`);
for await (const _ of createInterface({ input: process.stdin })) console.log(await round());
