import '@tensorflow/tfjs-backend-cpu';
import { GroupNormalization, InstanceNormalization, NearestUpSampling } from '@interseg/core-layers';
import * as tf from '@tensorflow/tfjs-core';
import { input, layers, model, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { artifactsOf, largestDifference, scrambleWeights } from '../../test/agreement.ts';
import { defineOnnxLayer, toOnnx } from '../index.ts';

beforeAll(() => tf.setBackend('cpu'));

function networkOf(build: (image: SymbolicTensor) => unknown): LayersModel {
  const image = input({ shape: [12, 8, 3], name: 'image' });
  return model({ inputs: image, outputs: build(image) as SymbolicTensor });
}

const of = (layer: layers.Layer) => (image: SymbolicTensor) => layer.apply(image);
const kernel = (settings: object = {}) => ({ filters: 2, kernelSize: 3, ...settings }) as const;

describe('every setting of a layer gives what TensorFlow.js gives', () => {
  const cases: Record<string, (image: SymbolicTensor) => unknown> = {
    'a convolution without padding': of(layers.conv2d(kernel())),
    'a convolution with an even kernel': of(layers.conv2d(kernel({ kernelSize: [2, 4], padding: 'same' }))),
    'a convolution with strides': of(layers.conv2d(kernel({ strides: 2, padding: 'same', useBias: false }))),
    'a convolution with dilation': of(layers.conv2d(kernel({ dilationRate: 2, padding: 'same', activation: 'tanh' }))),
    'windows that overlap': of(layers.conv2dTranspose(kernel({ strides: 2, padding: 'same' }))),
    'windows that overlap, all of them': of(layers.conv2dTranspose(kernel({ strides: 2, activation: 'elu' }))),
    'windows with gaps': of(layers.conv2dTranspose(kernel({ kernelSize: 1, strides: 2, padding: 'same' }))),
    'largest values': of(layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' })),
    'mean values': of(layers.averagePooling2d({ poolSize: 3, strides: 2, padding: 'same' })),
    'mean values without padding': of(layers.averagePooling2d({ poolSize: [2, 4] })),
    'nearest neighbours': of(layers.upSampling2d({ size: [2, 3] })),
    'linear interpolation': of(layers.upSampling2d({ size: [3, 2], interpolation: 'bilinear' })),
    'batch normalisation': of(layers.batchNormalization({ epsilon: 0.1 })),
    'batch normalisation without scale': of(layers.batchNormalization({ scale: false })),
    'instance normalisation without weights': of(new InstanceNormalization({ scale: false, center: false })),
    'group normalisation without weights': of(new GroupNormalization({ groups: 3, scale: false, center: false })),
    'group normalisation without shift': of(new GroupNormalization({ groups: 1, center: false })),
    'group normalisation without scale': of(new GroupNormalization({ groups: 3, scale: false })),
    'a leak below 0': of(layers.leakyReLU({ alpha: 0.2 })),
    dropout: of(layers.dropout({ rate: 0.5 })),
    'three summands': (image) => {
      const [a, b] = [layers.reLU().apply(image), layers.maxPooling2d({ poolSize: 1 }).apply(image)];
      return layers.add().apply([image, a, b] as SymbolicTensor[]);
    },
    'a gate of one channel for all': (image) => {
      const gate = layers.conv2d({ filters: 1, kernelSize: 1, activation: 'sigmoid' }).apply(image);
      return layers.multiply().apply([image, gate] as SymbolicTensor[]);
    },
    'the larger and the smaller': (image) => {
      const other = layers.conv2d(kernel({ filters: 3, padding: 'same' })).apply(image);
      const ends = [layers.maximum(), layers.minimum()].map((one) => one.apply([image, other] as SymbolicTensor[]));
      return layers.concatenate().apply(ends as SymbolicTensor[]);
    },
    'a layer that is called twice': (image) => {
      const shared = layers.conv2d(kernel({ filters: 3, padding: 'same' }));
      return shared.apply(layers.reLU().apply(shared.apply(image)) as SymbolicTensor);
    },
  };
  it.each(Object.keys(cases))('%s', async (name) => {
    const network = networkOf(cases[name]!);
    scrambleWeights(network);
    for (const shape of [
      [2, 12, 8, 3],
      [1, 7, 12, 3],
    ] as [number, number, number, number][]) {
      expect(await largestDifference(network, { shape })).toBeLessThan(1e-5);
    }
  });

  it('an attention gate, as the example has it', async () => {
    const network = networkOf((image) => {
      const below = layers.maxPooling2d({ poolSize: 2 }).apply(image);
      const convolution = (settings: object) => layers.conv2d({ ...kernel({ kernelSize: 1 }), ...settings });
      const features = convolution({ kernelSize: 2, strides: 2, useBias: false }).apply(image);
      const sum = layers.add().apply([features, convolution({}).apply(below)] as SymbolicTensor[]);
      const rectified = layers.reLU().apply(sum);
      const weights = convolution({ filters: 1, activation: 'sigmoid' }).apply(rectified as SymbolicTensor);
      const upSampled = new NearestUpSampling({ name: 'up' }).apply(weights as SymbolicTensor);
      return layers.multiply().apply([image, upSampled] as SymbolicTensor[]);
    });
    scrambleWeights(network);
    expect(await largestDifference(network, { shape: [2, 12, 8, 3] })).toBeLessThan(1e-5);
  });

  const activations = [
    'elu',
    'hardSigmoid',
    'linear',
    'relu',
    'selu',
    'sigmoid',
    'softmax',
    'softplus',
    'softsign',
    'tanh',
  ] as const;
  it.each(activations)('%s', async (activation) => {
    const network = networkOf(of(layers.activation({ activation })));
    expect(await largestDifference(network, { shape: [2, 12, 8, 3] })).toBeLessThan(1e-5);
  });
});

/** A layer of a plugin: every value times a half. */
class Halving extends layers.Layer {
  static className = 'Halving';
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.mul(Array.isArray(inputs) ? inputs[0]! : inputs, 0.5);
  }
}
tf.serialization.registerClass(Halving);

describe('layers that are not known', () => {
  it('are refused by name, until a plugin says how they are written', async () => {
    const network = networkOf(of(new Halving({ name: 'half' })));
    const artifacts = await artifactsOf(network);
    expect(() => toOnnx(artifacts)).toThrow(
      /^Layer half: found a Halving, which has no counterpart in ONNX here, expected one of Activation, .*defineOnnxLayer\.$/,
    );
    const write: Parameters<typeof defineOnnxLayer>[1] = ({ name, inputs: [one] }, graph) => {
      const half = graph.constant(`${name}.half`, [], Float32Array.of(0.5));
      return { name: graph.add('Mul', name, [one!.name, half]), channels: one!.channels };
    };
    defineOnnxLayer('Halving', write);
    defineOnnxLayer('Halving', write);
    expect(await largestDifference(network, { shape: [2, 12, 8, 3] })).toBe(0);
    expect(() => defineOnnxLayer('Halving', (call, graph) => write(call, graph))).toThrow('Halving');
  });

  it.each([
    [
      layers.activation({ activation: 'mish', name: 'a' }),
      'Layer a: found the activation "mish", expected linear, elu',
    ],
    [layers.concatenate({ axis: 1, name: 'b' }), 'Layer b: found the axis 1, expected that of the channels'],
    [layers.reLU({ maxValue: 6, name: 'c' }), 'Layer c: found a maximum of 6, expected none'],
  ])('settings are refused with the name of the layer', async (layer, message) => {
    const network = networkOf((image) => layer.apply(layer.name === 'b' ? [image, image] : image));
    const artifacts = await artifactsOf(network);
    expect(() => toOnnx(artifacts)).toThrow(message);
  });
});
