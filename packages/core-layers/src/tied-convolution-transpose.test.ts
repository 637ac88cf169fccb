import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { Tensor } from '@tensorflow/tfjs-core';
import { input, layers, loadLayersModel, model, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { finiteDifferences, relativeDifference } from '../test/finite-differences.ts';
import { TiedConvolutionTranspose, connectTies } from './tied-convolution-transpose.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

function encoderAndDecoder(): { convolution: layers.Layer; tied: TiedConvolutionTranspose; network: LayersModel } {
  const image = input({ shape: [5, 6, 2] });
  const convolution = layers.conv2d({ name: 'convolution', filters: 3, kernelSize: 3, padding: 'same' });
  const features = convolution.apply(image) as SymbolicTensor;
  const tied = new TiedConvolutionTranspose({ name: 'tied', source: convolution });
  const network = model({ inputs: image, outputs: [features, tied.apply(features) as SymbolicTensor] });
  return { convolution, tied, network };
}

describe('TiedConvolutionTranspose', () => {
  it('is the transposed linear map: ⟨convolution(x), y⟩ = ⟨x, tied(y)⟩', () => {
    const { convolution, tied } = encoderAndDecoder();
    const x = tf.randomNormal([2, 5, 6, 2], 0, 1, 'float32', 1);
    const y = tf.randomNormal([2, 5, 6, 3], 0, 1, 'float32', 2);
    const forward = tf.sum(tf.mul(convolution.apply(x) as Tensor, y)).dataSync()[0]!;
    const backward = tf.sum(tf.mul(x, tied.apply(y) as Tensor)).dataSync()[0]!;
    expect(forward).toBeCloseTo(backward, 3);
  });

  it('owns a bias and no kernel', () => {
    const { tied, network } = encoderAndDecoder();
    expect(tied.trainableWeights.map((weight) => weight.originalName)).toEqual(['tied/bias']);
    expect(network.countParams()).toBe(3 * 3 * 2 * 3 + 3 + 2);
  });

  it('gives the kernel the sum of the gradients of encoder and decoder', () => {
    const { convolution, network } = encoderAndDecoder();
    const x = tf.randomNormal([1, 5, 6, 2], 0, 1, 'float32', 3);
    const kernel = (convolution.trainableWeights[0] as unknown as { val: tf.Variable }).val;
    const start = kernel.clone();
    const loss = (): Tensor => {
      const [features, reconstruction] = network.apply(x) as Tensor[];
      return tf.add(tf.mean(tf.square(features!)), tf.mean(tf.square(tf.sub(reconstruction!, x))));
    };
    const { grads } = tf.variableGrads(loss as () => tf.Scalar, [kernel]);
    const expected = finiteDifferences((moved) => {
      kernel.assign(moved);
      return loss();
    }, start);
    kernel.assign(start);
    expect(relativeDifference(grads[kernel.name]!.dataSync(), expected)).toBeLessThan(2e-3);
  });

  it('survives saving and loading, once its ties are connected again', async () => {
    const { network } = encoderAndDecoder();
    let saved: tf.io.ModelArtifacts | undefined;
    await network.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
      }),
    );
    const loaded = await loadLayersModel(tf.io.fromMemory(saved!));
    const x = tf.randomNormal([1, 5, 6, 2], 0, 1, 'float32', 4);
    expect(() => loaded.apply(x)).toThrow('connectTies');
    connectTies(loaded);
    const [before, after] = [network, loaded].map((m) => (m.apply(x) as Tensor[])[1]!.dataSync());
    expect(relativeDifference(before!, after!)).toBe(0);
  });

  it('refuses a source that it cannot transpose', () => {
    const image = input({ shape: [4, 4, 1] });
    const strided = layers.conv2d({ name: 'strided', filters: 2, kernelSize: 3, strides: 2, padding: 'same' });
    strided.apply(image);
    expect(() => new TiedConvolutionTranspose({ source: strided })).toThrow("stride 1, dilation 1 and padding 'same'");
    const unbuilt = layers.conv2d({ name: 'unbuilt', filters: 2, kernelSize: 3, padding: 'same' });
    expect(() => new TiedConvolutionTranspose({ source: unbuilt })).toThrow('not built yet');
    expect(() => new TiedConvolutionTranspose({ source: 'somewhere' })).toThrow('kernelShape');
  });

  it('refuses an input with other channels than the source puts out', () => {
    const { convolution } = encoderAndDecoder();
    const wrong = new TiedConvolutionTranspose({ name: 'wrong', source: convolution });
    expect(() => wrong.apply(tf.zeros([1, 5, 6, 4]))).toThrow(
      'has an input of 4 channels, expected the 3 of the output of convolution',
    );
  });
});
