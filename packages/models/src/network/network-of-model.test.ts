import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { input, layers, loadLayersModel, model, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { batchFor } from '../testing/batches.ts';
import { variants } from '../variants/registry.ts';
import { networkOfModel } from './network-of-model.ts';
import { createNetwork } from './network.ts';
import type { NetworkOptions } from './options.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const options = { inputShape: [8, 16, 2] as const, classes: 2, filters: [4, 6, 8], seed: 3 };

/** The model as it is when it was saved and loaded again, with weights that no new network has. */
async function deployed(variant: string, more: Partial<NetworkOptions> = {}): Promise<LayersModel> {
  const network = createNetwork({ ...options, ...more, variant });
  let seed = 1;
  for (const variable of network.variables.values()) {
    variable.assign(tf.randomUniform(variable.shape, 0.1, 0.9, 'float32', seed++));
  }
  let saved!: tf.io.ModelArtifacts;
  await network.deploy.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  network.dispose();
  return loadLayersModel(tf.io.fromMemory(saved));
}

const plain: Partial<NetworkOptions> = {};
const cases: [string, Partial<NetworkOptions>][] = [
  ...variants().map(({ name }): [string, Partial<NetworkOptions>] => [name, plain]),
  ['unet', { normalization: 'none' }],
  ['inter-unet', { normalization: 'batch' }],
  ['unet', { normalization: 'group', groups: 2 }],
  ['unetpp', { upSampling: 'bilinear', inputShape: [16, 16, 1] }],
  ['twi-unet', { outputActivation: 'softmax', deepSupervision: true }],
  ['unet', { filters: [3, 5], inputShape: [4, 6, 1], classes: 1 }],
];

describe('networkOfModel', () => {
  it.each(cases)('segments as the model does, and can be trained: %s %o', async (variant, more) => {
    const source = await deployed(variant, more);
    const network = networkOfModel(source, variant);
    const { inputShape } = { ...options, ...more };
    const image = tf.randomUniform([2, ...inputShape], 0, 1, 'float32', 9);
    const [found, expected] = [network.deploy, source].map((one) => [...(one.predict(image) as tf.Tensor).dataSync()]);
    expect(found).toEqual(expected);
    const batch = batchFor(network);
    const { value, grads } = tf.variableGrads(() => network.loss(batch).total, network.trainableVariables);
    expect(value.dataSync()[0]).toBeGreaterThan(0);
    expect(Object.values(grads).some((gradient) => gradient.dataSync().some((one) => one !== 0))).toBe(true);
    expect(network.options.variant.mechanism.maskPath).toBeUndefined();
    // What is learnt stays out of the model that it came from.
    for (const variable of network.trainableVariables) variable.assign(tf.zerosLike(variable));
    expect([...(source.predict(image) as tf.Tensor).dataSync()]).toEqual(expected);
  });

  it('leaves no tensor behind where it refuses', async () => {
    const source = await deployed('unet');
    const tensors = tf.memory().numTensors;
    expect(() => networkOfModel(source, 'unetpp')).toThrow(
      /^The model is a U-Net\+\+ with another layer x_\d_\d\w*, expected the layers that it has when it is deployed\.$/,
    );
    expect(() => networkOfModel(source, 'attention-unet')).toThrow(
      "The variant of the model is 'attention-unet', which is not known here; expected a U-Net or U-Net++.",
    );
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('refuses a network of another kind, and one with a layer more', async () => {
    const image = input({ shape: [8, 16, 1], name: 'image' });
    const one = layers.conv2d({ filters: 1, kernelSize: 3, padding: 'same', activation: 'sigmoid' }).apply(image);
    expect(() => networkOfModel(model({ inputs: image, outputs: one as SymbolicTensor }), 'unet')).toThrow(
      'The model is a U-Net with layers of other shapes, expected',
    );
    const { deploy } = createNetwork({ ...options, variant: 'unet' });
    const more = layers.activation({ activation: 'tanh', name: 'one_more' }).apply(deploy.outputs[0]!);
    const longer = model({ inputs: deploy.inputs, outputs: more as SymbolicTensor });
    expect(() => networkOfModel(longer, 'unet')).toThrow('The model is a U-Net with another layer one_more');
  });
});
