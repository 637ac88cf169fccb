// Segments a batch of slices each time a line comes in, by the loop that `interseg predict` uses; prints the milliseconds.
// Usage: node inference.mjs '{"runtime":"native","variant":"unet","normalization":"none",…}', bundled by ../inference.mjs
import { createInterface } from 'node:readline';
import { compileNetwork, inferInParts, modelArtifacts } from '@interseg/inference';
import { createNetwork } from '@interseg/models';
import { findOnnxRuntime, openOnnx, toOnnx } from '@interseg/onnx';
import { compileStep, useEngine } from '@interseg/runtime';
import * as tf from '@tensorflow/tfjs-core';

const { runtime, variant, normalization, size, batch, filters, threads } = JSON.parse(process.argv[2]);
const [engine, how] = runtime.split(', ');
const replayed = how === 'replayed';
const isOnnx = engine.startsWith('onnxruntime');
await useEngine(isOnnx ? 'cpu' : engine, { threads: isOnnx ? undefined : threads });
const { deploy } = createNetwork({ variant, normalization, inputShape: [size, size, 1], classes: 1, filters });
// As after training: with biases of 0 and scales of 1, engines could leave operations out.
deploy.setWeights(
  deploy.getWeights().map((one, k) => (one.rank === 1 ? tf.randomUniform(one.shape, 0.1, 0.9, 'float32', k) : one)),
);

async function onnxNetwork() {
  const found = findOnnxRuntime({ threads, only: engine });
  const file = toOnnx(await modelArtifacts(deploy, {}));
  // By themselves its threads look for work again and again while they have none.
  const spinning = { extra: { session: { intra_op: { allow_spinning: '1' } } } };
  const session = { ...found.session, ...(how === 'spinning' && spinning) };
  return openOnnx(file, found.runtime, { channels: 1, classes: 1, size: [size, size], session });
}

/** Every pass as one graph, as `interseg predict` runs it. */
const replayedNetwork = () =>
  compileNetwork(deploy, (pass) =>
    compileStep(pass, {
      freeze: true,
      maxGraphs: 2,
      onFallback: (reason) => {
        throw new Error(reason);
      },
    }),
  );

const network = isOnnx ? await onnxNetwork() : replayed ? replayedNetwork() : deploy;
const images = Float32Array.from({ length: batch * size * size }, (_, i) => Math.sin(i * 0.37) + Math.cos(i * 0.011));
const stack = { slices: batch, size: [size, size], channels: 1, images };
async function round() {
  const before = performance.now();
  let sum = 0;
  const options = { batchSize: batch, flips: false, overlap: 0 };
  for await (const { probabilities } of inferInParts(network, stack, [size, size], 1, options)) {
    for (const value of probabilities) sum += value;
  }
  return `${(performance.now() - before).toFixed(1)} ${(sum / images.length).toFixed(5)}`;
}
for (let k = 0; k < 3; k++) await round();
console.log('ready');
for await (const _ of createInterface({ input: process.stdin })) console.log(await round());
process.exit();
