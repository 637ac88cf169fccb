import { completeAugmentation, openSlices, openUnlabelledSlices, type DataSet } from '@interseg/data';
import { OptionError } from '@interseg/errors';
import { createNetwork, type NetworkOptions, type SegmentationNetwork } from '@interseg/models';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { smallPhantoms } from '../../test/small-run.ts';
import { createOptimizer } from '../optimizer/create-optimizer.ts';
import type { Optimizer } from '../optimizer/optimizer.ts';
import { fit } from './fit.ts';
import type { FitDataset, FitOptions } from './fit-options.ts';
import { historyCsv, parseHistoryCsv, type EpochRecord } from './history.ts';
import type { StepBatch } from './slices.ts';
import { createStep, runStep, type LossOptions, type StepResult } from './train-step.ts';
import { checkUnlabelled, joinUnlabelled, rampedConsistency, unlabelledPerStep } from './unlabelled.ts';

let dataset: FitDataset;

beforeAll(async () => {
  await tf.setBackend('cpu');
  const phantoms: DataSet = await smallPhantoms({ patients: 3, unlabelled: 2 });
  const augmentation = completeAugmentation('none', { brightness: 0.2, noise: 0.05, probability: 1 });
  const ids = phantoms.unlabelled.map(({ id }) => id);
  dataset = {
    train: await openSlices(phantoms, ['phantom_001', 'phantom_002'], { size: [16, 16] }, { augmentation }),
    validation: await openSlices(phantoms, ['phantom_003'], { size: [16, 16] }),
    unlabelled: await openUnlabelledSlices(phantoms, ids, { size: [16, 16] }, { augmentation }),
  };
});

const create = (options: Partial<NetworkOptions> = {}): SegmentationNetwork =>
  createNetwork({ variant: 'tw-unet', inputShape: [16, 16, 2], classes: 2, filters: [2, 3, 4], ...options });

describe('how much slices without masks count', () => {
  it('rises as exp(−5·(1 − t)²) to the whole, step by step', () => {
    const at = (epoch: number, stepInEpoch: number, rampUpEpochs?: number): number =>
      rampedConsistency({ epoch, stepInEpoch, stepsPerEpoch: 4 }, { consistency: 2, rampUpEpochs });
    expect(at(1, 0)).toBeCloseTo(2 * Math.exp(-5), 12);
    expect(at(3, 2, 5)).toBeCloseTo(2 * Math.exp(-5 / 4), 12);
    expect(at(6, 0, 5)).toBe(2);
    expect(at(99, 3, 5)).toBe(2);
    expect(at(1, 0, 0)).toBe(2);
  });

  it('is a ratio to the batch size, with one slice at the least', () => {
    expect(unlabelledPerStep({}, 8)).toBe(8);
    expect(unlabelledPerStep({ ratio: 1.5 }, 3)).toBe(5);
    expect(unlabelledPerStep({ ratio: 0.01 }, 8)).toBe(1);
    expect(unlabelledPerStep({ ratio: 0 }, 8)).toBe(0);
  });
});

/** The first batch of two slices with masks and three without. */
async function firstBatch(): Promise<StepBatch> {
  const { train, unlabelled } = dataset;
  const labelled = train.batches({ batchSize: 2, seed: 1, epoch: 1 });
  const others = unlabelled!.batches({ batchSize: 3, count: 1, seed: 1, epoch: 1, isTwice: true });
  for await (const batch of joinUnlabelled(labelled, others)) return batch;
  throw new Error('There is no batch.');
}

const shapes = { image: [16, 16, 2], mask: [16, 16, 2] };
const numberOf = (tensor: Tensor): number => tensor.dataSync()[0]!;

/** A step of plain gradient descent whose teacher differs from the network and does not learn. */
async function stepOf(options: Partial<NetworkOptions>, loss: LossOptions = {}, confidence?: number) {
  const network = create(options);
  const settings = { optimizer: 'sgd', momentum: 0, weightDecay: 0, averageWeights: 0.9 } as const;
  const optimizer = createOptimizer(network, settings);
  [...optimizer.average!.averages.values()].forEach((one, i) =>
    tf.tidy(() => one.assign(tf.add(one, tf.randomNormal(one.shape, 0, 0.1, 'float32', i)))),
  );
  const step = createStep(network, optimizer, loss, {}, { confidence });
  const batch = await firstBatch();
  const run = (learningRate: number, changes: Partial<StepBatch> = {}): Promise<StepResult> =>
    runStep(step, { ...batch, ...changes }, shapes, {
      ...optimizer.scalars(learningRate, 0),
      shareOfNew: 0,
      consistency: 3,
    });
  const dispose = (): void => [optimizer, network].forEach((one: Optimizer | SegmentationNetwork) => one.dispose());
  return { network, optimizer, batch, run, dispose };
}

describe('a step with slices without masks', () => {
  it('has L_t over all slices, and the difference from what the average of the weights says', async () => {
    const { network, optimizer, batch, run, dispose } = await stepOf({ variant: 'twi-unet' }, { beta: 0.4 }, 0.6);
    const { loss } = await run(0);
    const { images, otherImages } = batch.unlabelled!;
    const image = tf.tensor(images, [3, 16, 16, 2]);
    const labelled = { image: tf.tensor(batch.images, [2, 16, 16, 2]), mask: tf.tensor(batch.masks, [2, 16, 16, 2]) };
    const terms = network.loss(labelled);
    const ofUnlabelled = numberOf(network.imageTerms({ image }).reconstruction!);
    expect(loss.unlabelledReconstruction).toBeCloseTo(ofUnlabelled, 5);
    expect(loss.reconstruction).toBeCloseTo((2 * numberOf(terms.reconstruction!) + 3 * ofUnlabelled) / 5, 5);
    expect(loss.image).toBeCloseTo(numberOf(terms.image), 5);

    const student = (network.deploy.predict(image) as Tensor).dataSync();
    const teacher = await optimizer.average!.during(async () =>
      (network.deploy.predict(tf.tensor(otherImages!, [3, 16, 16, 2])) as Tensor).dataSync(),
    );
    const counted = [...teacher].map((q, i) => (Math.abs(q - 0.5) >= 0.1 ? (student[i]! - q) ** 2 : 0));
    expect(counted.some((value) => value === 0) && counted.some((value) => value > 0)).toBe(true);
    expect(loss.consistency).toBeCloseTo(counted.reduce((a, b) => a + b) / counted.length, 6);
    const { image: own, mask, intermediate, reconstruction, consistency } = loss;
    expect(loss.total).toBeCloseTo(own + mask! + 0.1 * intermediate! + 0.4 * reconstruction! + 3 * consistency!, 4);
    dispose();
  });

  it.each<Partial<NetworkOptions>>([
    { variant: 'tw-unet' },
    { variant: 'twae-unet' },
    { variant: 'unet', outputActivation: 'softmax' },
  ])('moves weights along the gradient of finite differences: %o', async (options) => {
    const { network, run, dispose } = await stepOf(options);
    const variables = network.trainableVariables;
    const starts = variables.map((variable) => tf.mul(variable, 1));
    const assign = (values: Tensor[]): void => variables.forEach((variable, i) => variable.assign(values[i]!));
    await run(0.5);
    const gradients = variables.map((variable, i) => tf.div(tf.sub(starts[i]!, variable), 0.5));
    const step = 1e-4;
    const pairs: [expected: number, found: number][] = [];
    for (let pair = 0; pair < 4; pair++) {
      const directions = variables.map(({ shape }, i) => tf.randomNormal(shape, 0, 1, 'float32', 100 * pair + i));
      const at = async (far: number): Promise<number> => {
        assign(starts.map((start, i) => tf.add(start, tf.mul(directions[i]!, far))));
        return (await run(0)).loss.total;
      };
      const slopes = gradients.map((gradient, i) => numberOf(tf.sum(tf.mul(gradient, directions[i]!))));
      pairs.push([slopes.reduce((a, b) => a + b), ((await at(step)) - (await at(-step))) / (2 * step)]);
    }
    const length = (values: number[]): number => Math.hypot(...values);
    const error = length(pairs.map(([expected, found]) => found - expected));
    expect(error).toBeLessThan(0.05 * length(pairs.map(([expected]) => expected)));
    dispose();
  });

  it('leaves the teacher to the optimiser, the moving statistics to slices with masks, and no tensor behind', async () => {
    const { network, optimizer, run, dispose } = await stepOf({ normalization: 'batch' });
    const values = (all: ReadonlyMap<string, tf.Variable>): [string, number[]][] =>
      [...all].map(([name, one]) => [name, Array.from(one.dataSync())]);
    const averages = values(optimizer.average!.averages);
    const statistics = (): [string, number[]][] =>
      values(network.variables).filter(([name]) => name.includes('moving'));
    const starts = [...network.variables.values()].map((one) => ({ one, value: tf.mul(one, 1) }));
    const before = statistics();
    const tensors = tf.memory().numTensors;
    await run(0.1);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(values(optimizer.average!.averages)).toEqual(averages);
    const after = statistics();
    expect(after).not.toEqual(before);
    starts.forEach(({ one, value }) => one.assign(value));
    await run(0.1, { unlabelled: undefined });
    expect(statistics()).toEqual(after);
    dispose();
  });
});

const options: FitOptions = {
  epochs: 4,
  batchSize: 3,
  learningRate: 0.01,
  averageWeights: 0.9,
  unlabelled: { ratio: 1.5, consistency: 2, rampUpEpochs: 2 },
};
const withoutTime = (history: EpochRecord[]) => history.map((record) => ({ ...record, seconds: 0 }));

describe('fit with slices without masks', () => {
  it('records their terms and keeps the number of tensors', async () => {
    const network = create();
    const tensors = tf.memory().numTensors;
    const { history } = await fit(network, dataset, { ...options, epochs: 6 });
    expect(tf.memory().numTensors).toBe(tensors);
    for (const { lossConsistency, lossReconstructionUnlabelled } of history) {
      expect(lossConsistency).toBeGreaterThan(0);
      expect(lossReconstructionUnlabelled).toBeGreaterThan(0);
    }
    expect(history[5]!.lossReconstructionUnlabelled).toBeLessThan(history[0]!.lossReconstructionUnlabelled! - 0.02);
    const csv = historyCsv(history);
    expect(csv.split('\n')[0]).toMatch(/seconds,loss_reconstruction_unlabelled,loss_consistency$/);
    expect(historyCsv(parseHistoryCsv(csv))).toBe(csv);
    network.dispose();
  });

  it('teaches a network without a reconstruction by consistency alone', async () => {
    const network = create({ variant: 'unet' });
    const { history } = await fit(network, dataset, { ...options, unlabelled: { consistency: 1, rampUpEpochs: 0 } });
    for (const { trainLoss, lossImage, lossConsistency, lossReconstructionUnlabelled } of history) {
      expect(trainLoss).toBeCloseTo(lossImage + lossConsistency!, 5);
      expect(lossReconstructionUnlabelled).toBeUndefined();
    }
    network.dispose();
  });

  it('goes on from any step with the history and the weights of who never stopped', async () => {
    const train = async (stopAfter?: number) => {
      const network = create({ variant: 'twi-unet' });
      const optimizer = createOptimizer(network, { averageWeights: 0.9 });
      const controller = new AbortController();
      let steps = 0;
      const onStep = (): void => void (++steps === stopAfter && controller.abort());
      const settings = { ...options, averageWeights: undefined, optimizer };
      let { state } = await fit(network, dataset, { ...settings, onStep, signal: controller.signal });
      if (stopAfter !== undefined) ({ state } = await fit(network, dataset, { ...settings, state }));
      const weights = [...network.variables, ...optimizer.state].map(([name, one]) => [
        name,
        Array.from(one.dataSync()),
      ]);
      for (const each of [optimizer, network]) each.dispose();
      return { history: withoutTime(state.history), weights };
    };
    const whole = await train();
    expect(whole.history).toHaveLength(4);
    expect(await train(5)).toEqual(whole);
  });

  it('skips a batch of which a slice without a mask is not finite, and names its case', async () => {
    const { unlabelled } = dataset;
    let batches = 0;
    const spoilt: FitDataset = {
      ...dataset,
      unlabelled: {
        ...unlabelled!,
        async *batches(wanted) {
          for await (const batch of unlabelled!.batches(wanted)) {
            if (++batches === 2) batch.images[7] = NaN;
            yield batch;
          }
        },
      },
    };
    const network = create();
    await expect(fit(network, spoilt, { ...options, epochs: 1 })).rejects.toThrow(
      /^The loss is NaN in epoch 1, step 2 \(cases .*phantom_00[45]/,
    );
    network.dispose();
    batches = 0;
    const careful = create();
    const { history, state } = await fit(careful, spoilt, { ...options, epochs: 1, onNan: 'skip' });
    expect(state.skipped).toHaveLength(1);
    expect(history[0]!.lossConsistency).toBeGreaterThan(0);
    expect([...careful.variables.values()].every((one) => one.dataSync().every(Number.isFinite))).toBe(true);
    careful.dispose();
  });
});

describe('slices without masks are refused', () => {
  it.each<[string, string, Partial<Parameters<typeof checkUnlabelled>[1]>]>([
    [
      'nothing would be learned',
      'unet has no reconstruction and consistency is 0, expected a variant such as tw-unet',
      {},
    ],
    [
      'there is no teacher',
      'averageWeights is 0, expected the decay',
      { unlabelled: { consistency: 1 }, hasAverage: false },
    ],
    ['there are none', 'no slices without labels are trained on', { unlabelled: { consistency: 1 }, hasSlices: false }],
    ['a number is out of range', 'unlabelled.ratio is -1', { unlabelled: { ratio: -1 } }],
    ['a confidence is', 'unlabelled.confidence is 0.4', { unlabelled: { confidence: 0.4 } }],
  ])('where %s', (_, message, choice) => {
    const network = create({ variant: 'unet' });
    const check = (): void => checkUnlabelled(network, { hasAverage: true, hasSlices: true, ...choice });
    expect(check).toThrow(OptionError);
    expect(check).toThrow(message);
    network.dispose();
  });

  it('where the weights of all that they have are 0, but not once they were learned from', () => {
    const network = create();
    const choice = { hasAverage: true, hasSlices: true, loss: { beta: 0 } };
    expect(() => checkUnlabelled(network, choice)).toThrow('beta and consistency are 0, expected weights above 0');
    expect(() => checkUnlabelled(network, { ...choice, unlabelled: { consistency: 1 } })).not.toThrow();
    const none = { ...choice, unlabelled: { ratio: 0 } };
    expect(() => checkUnlabelled(network, none)).toThrow('expected more, or pretrain reconstruction');
    expect(() => checkUnlabelled(network, { ...none, isPretrained: true })).not.toThrow();
    network.dispose();
  });

  it('where they have another shape, or are too few', async () => {
    const network = create();
    const wider = { ...dataset, unlabelled: { ...dataset.unlabelled!, channels: 3 } };
    await expect(fit(network, wider, options)).rejects.toThrow(
      'The slices without masks are [16, 16, 3], expected [16, 16, 2] as the network takes.',
    );
    const ended = { ...dataset, unlabelled: { ...dataset.unlabelled!, async *batches() {} } };
    await expect(fit(network, ended, options)).rejects.toThrow('have ended before those with');
    network.dispose();
  });
});
