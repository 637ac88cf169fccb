import * as tf from '@tensorflow/tfjs-core';
import { io, type Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-web';
import { toOnnx, type ModelArtifacts, type OnnxLayout } from '../src/index.ts';

/** What `LayersModel.save` hands out. */
export async function artifactsOf(model: LayersModel): Promise<ModelArtifacts> {
  let found: ModelArtifacts | undefined;
  await model.save(
    io.withSaveHandler(async (artifacts) => {
      found = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  return found!;
}

/**
 * Gives every weight but kernels, which start at random, values that are not those of its start: scales and variances between
 * 0.5 and 1.5, all others between −0.5 and 0.5.
 */
export function scrambleWeights(model: LayersModel): void {
  for (const [index, weight] of model.weights.entries()) {
    const { originalName: name, shape } = weight;
    if (name.endsWith('kernel')) continue;
    const middle = /(gamma|variance)$/.test(name) ? 1 : 0;
    const values = tf.randomUniform(shape as number[], middle - 0.5, middle + 0.5, 'float32', index + 1);
    weight.write(values);
    values.dispose();
  }
}

/** Runs a file in onnxruntime-web, on an input of `[N, H, W, C]`. @returns the output as `[N, H, W, K]` */
async function runOnnx(file: Uint8Array, input: Tensor, layout: OnnxLayout): Promise<Tensor> {
  const session = await InferenceSession.create(file, { executionProviders: ['wasm'], logSeverityLevel: 3 });
  const turned = layout === 'nchw' ? tf.transpose(input, [0, 3, 1, 2]) : tf.clone(input);
  const feed = new OrtTensor('float32', turned.dataSync<'float32'>(), turned.shape);
  turned.dispose();
  const results = await session.run({ [session.inputNames[0]!]: feed });
  const { data, dims } = results[session.outputNames[0]!]!;
  await session.release();
  return tf.tidy(() => {
    const output = tf.tensor(data as Float32Array, dims as number[]);
    return layout === 'nchw' ? tf.transpose(output, [0, 2, 3, 1]) : output;
  });
}

/** The largest difference between TensorFlow.js, on the engine in use, and onnxruntime-web on a random input. */
export async function largestDifference(
  model: LayersModel,
  { layout = 'nchw', shape }: { layout?: OnnxLayout; shape: [number, number, number, number] },
): Promise<number> {
  const file = toOnnx(await artifactsOf(model), { layout });
  const input = tf.randomUniform(shape, -2, 2, 'float32', 7);
  const expected = model.apply(input, { training: false }) as Tensor;
  const found = await runOnnx(file, input, layout);
  if (found.shape.join() !== expected.shape.join()) throw new Error(`[${found.shape}] instead of [${expected.shape}]`);
  const spread = tf.tidy(() => tf.sub(tf.max(expected), tf.min(expected)).dataSync()[0]!);
  // An output that is the same everywhere would agree with anything.
  if (!(spread > 0.01)) throw new Error(`The output spreads over ${spread} only.`);
  const difference = tf.tidy(() => tf.max(tf.abs(tf.sub(expected, found))).dataSync()[0]!);
  tf.dispose([input, expected, found]);
  return difference;
}
