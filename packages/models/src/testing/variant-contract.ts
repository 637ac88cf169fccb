import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { Tensor } from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { createNetwork, type SegmentationNetwork } from '../network/network.ts';
import type { NetworkOptions } from '../network/options.ts';
import { mechanisms } from '../variants/mechanisms.ts';
import { composeVariant } from '../variants/registry.ts';
import type { Variant } from '../variants/variant.ts';
import { batchFor, difference } from './batches.ts';
import {
  bceDiceByHand,
  crossEntropyDiceByHand,
  deepSupervisionByHand,
  intermediateByHand,
  reconstructionByHand,
} from './loss-by-hand.ts';

/** Small enough for the reference engine: three levels, so that all of a network's kinds of nodes are there. */
const small = { filters: [2, 3, 4], inputShape: [8, 16, 1] as const, classes: 1, seed: 3 };

/**
 * What every variant must do, whoever wrote it, as tests of vitest on the engine `cpu`: shapes of all outputs, a
 * gradient for every weight, the plain backbone in deployment, the loss of the equations worked out by hand, saving and
 * loading, learning without growing memory. A variant's test is one call of this.
 */
export function describeVariantContract(variant: Variant): void {
  const { maskPath, reconstruction } = variant.mechanism;
  const create = (options: Partial<NetworkOptions> = {}): SegmentationNetwork =>
    createNetwork({ ...small, variant, ...options });
  const plain = composeVariant(variant.backbone, mechanisms[0]!);

  describe(variant.name, () => {
    beforeAll(async () => {
      await tf.setBackend('cpu');
    });

    it.each<Partial<NetworkOptions>>([
      { inputShape: [8, 16, 1], classes: 3 },
      { inputShape: [12, 20, 4], classes: 1, normalization: 'none', upSampling: 'bilinear' },
      { inputShape: [20, 12, 4], classes: 3, normalization: 'batch', maskInput: 'stem' },
      { inputShape: [8, 8, 1], classes: 2, normalization: 'group', groups: 1, filters: [2, 2] },
      { inputShape: [16, 24, 1], classes: 2, deepSupervision: true, filters: [2, 2, 2, 2] },
      { inputShape: [8, 16, 1], classes: 2, deepSupervision: true, outputActivation: 'softmax' },
    ])('gives every output its shape, with levels that match: %o', (options) => {
      const network = create(options);
      const { inputShape, classes, filters, deepSupervision, outputActivation } = network.options;
      const channels = outputActivation === 'softmax' ? classes + 1 : classes;
      const outputs = network.forward(batchFor(network));
      const map = [2, inputShape[0], inputShape[1], channels];
      expect(outputs.segmentation.shape).toEqual([...map.slice(0, 3), classes]);
      expect(outputs.logits.shape).toEqual(map);
      expect(outputs.features).toHaveLength(filters.length);
      outputs.features.forEach((features, index) => {
        const scale = 2 ** (filters.length - 1 - index);
        const extent = [inputShape[0] / scale, inputShape[1] / scale, filters[filters.length - 1 - index]];
        expect(features.shape).toEqual([2, ...extent]);
      });
      const between = outputs.features.slice(1, -1).map(({ shape }) => [...shape.slice(0, 3), channels]);
      expect(outputs.levelLogits?.map(({ shape }) => shape)).toEqual(deepSupervision ? between : undefined);
      expect(outputs.targets?.map(({ shape }) => shape)).toEqual(
        maskPath ? outputs.features.map(({ shape }) => shape) : undefined,
      );
      expect(outputs.maskLogits?.shape).toEqual(maskPath ? map : undefined);
      expect(outputs.reconstruction?.shape).toEqual(reconstruction ? [2, ...inputShape] : undefined);
      network.dispose();
    });

    it('has five levels by default', () => {
      const network = createNetwork({ variant, inputShape: [32, 32, 1], classes: 1 });
      expect(network.options.filters).toHaveLength(5);
      expect(network.train.outputs.length).toBe(2 + 5 + (maskPath ? 1 + 5 : 0) + (reconstruction ? 1 : 0));
      network.dispose();
    });

    it.each([
      { normalization: 'none' },
      { normalization: 'batch' },
      { normalization: 'instance' },
      { normalization: 'group' },
      { normalization: 'instance', deepSupervision: true },
      { normalization: 'instance', deepSupervision: true, outputActivation: 'softmax' },
    ] as const)('gives every trainable weight a gradient, with %o', (options) => {
      const network = create({ ...options, classes: 2, maskInput: 'stem' });
      const variables = network.trainableVariables;
      const { grads } = tf.variableGrads(() => network.loss(batchFor(network)).total, variables);
      const without = variables.filter(({ name }) => !hasFiniteNonZero(grads[name]!)).map(({ name }) => name);
      expect(without).toEqual([]);
      network.dispose();
    });

    it.each<Partial<NetworkOptions>>([{}, { deepSupervision: true }, { classes: 2, outputActivation: 'softmax' }])(
      'ships the plain backbone: its parameters, its layers, its outputs: %o',
      (options) => {
        const network = create(options);
        const { classes, outputActivation } = network.options;
        const backbone = createNetwork({ ...small, variant: plain, classes, outputActivation });
        expect(network.deploy.countParams()).toBe(backbone.deploy.countParams());
        expect(network.deploy.layers.map(({ name }) => name)).toEqual(backbone.deploy.layers.map(({ name }) => name));
        const { image } = batchFor(network);
        // The same seed draws the same weights, so both are the same function before training.
        expect(difference(network.deploy.predict(image) as Tensor, backbone.deploy.predict(image) as Tensor)).toBe(0);
        network.dispose();
        backbone.dispose();
      },
    );

    it.each(['sigmoid', 'softmax'] as const)(
      'segments in deployment exactly as in training: %s',
      (outputActivation) => {
        const network = create({ classes: 2, outputActivation });
        const batch = batchFor(network);
        const { segmentation } = network.forward(batch);
        expect(difference(network.deploy.predict(batch.image) as Tensor, segmentation)).toBeLessThan(1e-6);
        network.dispose();
      },
    );

    it.each<Partial<NetworkOptions>>([
      { inputShape: [8, 16, 2] },
      { inputShape: [16, 24, 2], filters: [2, 3, 3, 4], deepSupervision: true },
      { inputShape: [8, 16, 2], deepSupervision: true, outputActivation: 'softmax' },
    ])('has the loss that its equations say, term by term: %o', (options) => {
      const network = create({ classes: 2, ...options });
      const batch = batchFor(network);
      const omega = [1, 0.5, 2, 0.25].slice(0, network.options.filters.length);
      const weights = { alpha: 0.7, gamma: 0.4, lambda: 0.3, beta: 0.2, omega };
      const loss = network.loss(batch, weights);
      const { logits, levelLogits, maskLogits, features, targets, reconstruction: back } = network.forward(batch);
      const byHand = options.outputActivation === 'softmax' ? crossEntropyDiceByHand : bceDiceByHand;
      const lower = levelLogits && deepSupervisionByHand(batch.mask, levelLogits, byHand);
      const expected = {
        image: byHand(batch.mask, logits),
        deepSupervision: lower?.value,
        mask: maskPath && byHand(batch.mask, maskLogits!),
        intermediate: maskPath && intermediateByHand(features, targets!, weights.omega),
        reconstruction: reconstruction ? reconstructionByHand(batch.image, back!) : undefined,
      };
      for (const [term, value] of Object.entries(expected)) {
        const found = loss[term as keyof typeof expected]?.dataSync()[0];
        if (value === undefined) expect(found).toBeUndefined();
        else expect(found).toBeCloseTo(value, 4);
      }
      const image = lower ? lower.full * expected.image + (1 - lower.full) * lower.value : expected.image;
      const total =
        weights.alpha * image +
        weights.gamma * (expected.mask ?? 0) +
        weights.lambda * (expected.intermediate ?? 0) +
        weights.beta * (expected.reconstruction ?? 0);
      expect(loss.total.dataSync()[0]).toBeCloseTo(total, 4);
      network.dispose();
    });

    it.each(['batch', 'instance'] as const)(
      'learns from images without masks as from those with: %s',
      (normalization) => {
        const network = create({ classes: 2, normalization });
        const { image, mask } = batchFor(network);
        const values = (): number[][] => [...network.variables.values()].map((one) => Array.from(one.dataSync()));
        const before = values();
        const teacher = network.forward({ image, mask }).segmentation;
        const { consistency, reconstruction: onImages } = network.imageTerms({ image, teacher });
        expect(consistency!.dataSync()[0]).toBeLessThan(1e-10);
        const onBoth = network.loss({ image, mask }).reconstruction;
        expect(onImages === undefined).toBe(!reconstruction);
        if (onBoth) expect(onImages!.dataSync()[0]).toBeCloseTo(onBoth.dataSync()[0]!, 5);
        // Any number of images, whatever is joined with them where there is a mask.
        const three = tf.concat([image, tf.slice(image, 0, 1)], 0);
        const afterForward = values();
        network.imageTerms({ image: three, teacher: tf.concat([teacher, tf.slice(teacher, 0, 1)], 0) });
        expect(values()).toEqual(afterForward);
        expect(afterForward.some((one, i) => one.some((value, j) => value !== before[i]![j]))).toBe(
          normalization === 'batch',
        );
        network.dispose();
      },
    );

    it.each(['sigmoid', 'softmax'] as const)(
      'survives saving and loading what is shipped: %s',
      async (outputActivation) => {
        const network = create({ normalization: 'batch', classes: 2, outputActivation });
        const saved = tf.io.withSaveHandler(async (artifacts) => {
          loaded = await loadLayersModel(tf.io.fromMemory(artifacts));
          return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
        });
        let loaded: Awaited<ReturnType<typeof loadLayersModel>> | undefined;
        await network.deploy.save(saved);
        const { image } = batchFor(network);
        expect(difference(network.deploy.predict(image) as Tensor, loaded!.predict(image) as Tensor)).toBe(0);
        network.dispose();
      },
    );

    it('learns one batch by heart and leaves no tensor behind', () => {
      const network = create({ filters: [4, 4, 4], inputShape: [8, 8, 1] });
      const batch = batchFor(network);
      const optimizer = tf.train.adam(0.03);
      const step = (): number =>
        tf.tidy(
          () => optimizer.minimize(() => network.loss(batch).total, true, network.trainableVariables)!.dataSync()[0]!,
        );
      const imageLoss = (): number => tf.tidy(() => network.loss(batch).image.dataSync()[0]!);
      const before = imageLoss();
      step();
      const tensors = tf.memory().numTensors;
      for (let i = 0; i < 20; i++) step();
      expect(tf.memory().numTensors).toBe(tensors);
      expect(imageLoss()).toBeLessThan(0.7 * before);
      optimizer.dispose();
      network.dispose();
    });
  });
}

function hasFiniteNonZero(gradient: Tensor): boolean {
  const values = gradient.dataSync();
  return values.every(Number.isFinite) && values.some((value) => value !== 0);
}
