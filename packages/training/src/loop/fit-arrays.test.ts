import { slicesFromArrays } from '@interseg/data';
import { OptionError } from '@interseg/errors';
import { createNetwork, type SegmentationNetwork } from '@interseg/models';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { Adam } from '../optimizer/adam.ts';
import { fit } from './fit.ts';
import type { FitOptions } from './fit-options.ts';
import type { EpochRecord } from './history.ts';
import { validate } from './validate.ts';

const shape = [10, 8, 8, 1];
/** Slices of noise with a bright square somewhere, and its mask. */
const masks = Uint8Array.from({ length: 640 }, (_, i) => {
  const [slice, row, column] = [Math.floor(i / 64), Math.floor(i / 8) % 8, i % 8];
  return Math.abs(row - 2 - (slice % 4)) < 2 && Math.abs(column - 2 - (slice % 3)) < 2 ? 1 : 0;
});
const images = Float32Array.from({ length: 640 }, (_, i) => 0.3 + 0.2 * Math.sin(13 * i) + 0.5 * masks[i]!);

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const create = (variant = 'twi-unet', classes = 1): SegmentationNetwork =>
  createNetwork({ variant, inputShape: [8, 8, 1], classes, filters: [2, 4] });
const open = () => slicesFromArrays({ data: images, shape }, { data: masks, shape });
const options: FitOptions = { epochs: 4, batchSize: 3, learningRate: 0.02 };
const withoutTime = (history: EpochRecord[]) => history.map((record) => ({ ...record, seconds: 0 }));
const weights = (network: SegmentationNetwork): number[][] =>
  [...network.variables.values()].map((variable) => Array.from(variable.dataSync()));

describe('fit on arrays', () => {
  it('learns, the same from typed arrays as from tensors, and returns the history', async () => {
    const network = create();
    const { history, stopped, state } = await fit(network, (await open()).split(0.2), { ...options, epochs: 15 });
    expect(stopped).toBe('epochs');
    expect(history).toBe(state.history);
    expect(history.map(({ epoch }) => epoch)).toEqual([...Array(15).keys()].map((epoch) => epoch + 1));
    expect(history[14]!.trainLoss).toBeLessThan(0.7 * history[0]!.trainLoss);
    expect(history[14]!.valDice).toBeGreaterThan(0.8);

    const tensors = [tf.tensor(images, shape), tf.tensor(masks, shape, 'bool')] as const;
    const another = create();
    const second = await fit(another, (await slicesFromArrays(...tensors)).split(0.2), { ...options, epochs: 2 });
    expect(withoutTime(second.history)).toEqual(withoutTime(history.slice(0, 2)));
    tf.dispose([...tensors]);
    network.dispose();
    another.dispose();
  });

  it('keeps the number of tensors flat', async () => {
    const before = tf.memory().numTensors;
    const network = create();
    const counts = new Set<number>();
    const onStep = (): void => void counts.add(tf.memory().numTensors);
    const { history } = await fit(network, (await open()).split(0.2), { ...options, onStep });
    expect(history).toHaveLength(4);
    // A step has no tensors between two steps, so that there are those of the network and the optimiser alone.
    expect(counts.size).toBe(1);
    network.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('needs no validation', async () => {
    const network = create('unet');
    const { history, state } = await fit(network, { train: await open() }, options);
    expect(history.every(({ valLoss, valDice }) => valLoss === undefined && valDice === undefined)).toBe(true);
    const best = history.reduce((a, b) => (b.trainLoss < a.trainLoss ? b : a));
    expect(state.best).toEqual({ epoch: best.epoch, score: -best.trainLoss });
    network.dispose();
  });

  it.each([true, false])('ends with the weights of the best epoch where asked for: %s', async (restoreBest) => {
    const before = tf.memory().numTensors;
    const network = create('unet');
    const byEpoch: number[][][] = [];
    // Validation wants the opposite, so that training makes it worse.
    const opposite = { data: masks.map((value) => 1 - value), shape };
    const validation = await slicesFromArrays({ data: images, shape }, opposite);
    const onEpoch = (): void => void byEpoch.push(weights(network));
    const { state } = await fit(
      network,
      { train: await open(), validation },
      { ...options, epochs: 6, restoreBest, onEpoch },
    );
    const best = state.best!.epoch;
    expect(best).toBeLessThan(6);
    expect(weights(network)).toEqual(byEpoch[restoreBest ? best - 1 : 5]);
    network.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('chooses the best epoch by the smoothed score where asked for', async () => {
    const split = (await open()).split(0.2);
    const run = async (changes: FitOptions) => {
      const network = create('unet');
      const result = await fit(network, split, { ...options, epochs: 9, ...changes });
      network.dispose();
      return result;
    };
    const { state } = await run({ scoreSmoothing: 0.6 });
    const { history } = await run({});
    const dices = history.map(({ valDice }) => valDice!);
    expect(new Set(dices).size).toBeGreaterThan(4);
    expect(state.history.map(({ valDice }) => valDice)).toEqual(dices);
    expect(history.every((record) => !('smoothedScore' in record))).toBe(true);
    const smoothed = dices.reduce<number[]>((all, dice) => [...all, 0.6 * (all.at(-1) ?? dice) + 0.4 * dice], []);
    expect(state.history.map(({ smoothedScore }) => smoothedScore)).toEqual(
      smoothed.map((value) => expect.closeTo(value, 10)),
    );
    const [highest, index] = [Math.max(...smoothed), smoothed.indexOf(Math.max(...smoothed))];
    expect(state.best).toEqual({ epoch: index + 1, score: expect.closeTo(highest, 10) });
    // Each epoch alone, the first of several with a Dice of 1 is the best.
    expect(dices.indexOf(Math.max(...dices))).toBeLessThan(index);
  });

  describe.each(['instance', 'batch'] as const)(
    'with an average of the weights and normalisation %s',
    (normalization) => {
      const average: FitOptions = { ...options, epochs: 3, averageWeights: 0.8 };
      const make = () =>
        createNetwork({ variant: 'unet', inputShape: [8, 8, 1], classes: 1, filters: [2, 4], normalization });
      /** The average of weights and statistics as numbers, from the weights after each step. */
      function averager(network: SegmentationNetwork) {
        const own = weights(network);
        const onStep = (): void => {
          const decay = Math.min(0.8, (1 + step) / (10 + step));
          weights(network).forEach((row, i) =>
            row.forEach((value, j) => (own[i]![j] = decay * own[i]![j]! + (1 - decay) * value)),
          );
          step++;
        };
        let step = 0;
        return { own, onStep };
      }

      it('validates it and ends with it, but trains the weights as without', async () => {
        const tensors = tf.memory().numTensors;
        const [network, plain] = [make(), make()];
        const split = (await open()).split(0.2);
        const { own, onStep } = averager(network);
        const losses: number[] = [];
        const counts = new Set<number>();
        const onEpoch = (record: EpochRecord): void => {
          losses.push(record.trainLoss);
          counts.add(tf.memory().numTensors);
        };
        const { history } = await fit(network, split, { ...average, onStep, onEpoch });
        expect(counts.size).toBe(1);
        own.forEach((row, i) => row.forEach((value, j) => expect(weights(network)[i]![j]).toBeCloseTo(value, 4)));
        const { loss, dice } = await validate(network, split.validation, 3);
        expect(history[2]).toMatchObject({ valLoss: loss, valDice: dice });
        const without = await fit(plain, split, { ...average, averageWeights: 0 });
        expect(without.history.map(({ trainLoss }) => trainLoss)).toEqual(losses);
        expect(without.history[2]!.valLoss).not.toBe(loss);
        expect(weights(plain)).not.toEqual(weights(network));
        network.dispose();
        plain.dispose();
        expect(tf.memory().numTensors).toBe(tensors);
      });

      it('ends with that of the best epoch where asked for', async () => {
        const network = make();
        const { own, onStep } = averager(network);
        const opposite = { data: masks.map((value) => 1 - value), shape };
        const validation = await slicesFromArrays({ data: images, shape }, opposite);
        const byEpoch: number[][][] = [];
        const onEpoch = (): void => void byEpoch.push(structuredClone(own));
        const data = { train: await open(), validation };
        const { state } = await fit(network, data, { ...average, epochs: 6, restoreBest: true, onStep, onEpoch });
        expect(state.best!.epoch).toBeLessThan(6);
        const best = byEpoch[state.best!.epoch - 1]!.flat();
        weights(network)
          .flat()
          .forEach((value, i) => expect(value).toBeCloseTo(best[i]!, 4));
        network.dispose();
      });

      it('has its own weights where validation fails or training is interrupted', async () => {
        const network = make();
        const split = (await open()).split(0.2);
        let last: number[][] = [];
        const onStep = (): void => void (last = weights(network));
        async function* cases(): AsyncGenerator<never> {
          throw new Error('gone');
        }
        const broken = { train: split.train, validation: { ...split.validation, cases } };
        await expect(fit(network, broken, { ...average, onStep })).rejects.toThrow('gone');
        expect(weights(network)).toEqual(last);
        const controller = new AbortController();
        const onEpoch = (): void => controller.abort();
        await fit(network, split, { ...average, onStep, onEpoch, signal: controller.signal });
        expect(weights(network)).toEqual(last);
        network.dispose();
      });
    },
  );

  it('leaves the weights of an interrupted call for the next one', async () => {
    const controller = new AbortController();
    const onEpoch = (record: EpochRecord): void => void (record.epoch === 2 && controller.abort());
    const interrupted = { ...options, restoreBest: true, signal: controller.signal, onEpoch };
    const network = create('unet');
    const { state, stopped } = await fit(network, { train: await open() }, interrupted);
    expect([stopped, state.stepInEpoch]).toEqual(['interrupted', 1]);
    const another = create('unet');
    let steps = 0;
    const endEarly = (): 'minutes' | undefined => (++steps === 9 ? 'minutes' : undefined);
    await fit(another, { train: await open() }, { ...options, endEarly });
    expect(weights(network)).toEqual(weights(another));
    network.dispose();
    another.dispose();
  });

  it('refuses slices of another shape than the network has', async () => {
    const network = create('unet', 2);
    const slices = await open();
    const message = 'expected images [8, 8, 1] and masks [8, 8, 2] as the network has.';
    await expect(fit(network, { train: slices }, options)).rejects.toThrow(
      new OptionError(`The training slices have images [8, 8, 1] and masks [8, 8, 1], ${message}`),
    );
    const train = { ...slices, classes: 2 };
    await expect(fit(network, { train, validation: slices }, options)).rejects.toThrow(/^The validation slices have/);
    network.dispose();
  });

  it.each<[FitOptions, string]>([
    [{ epochs: 0 }, 'The option epochs is 0, expected a whole number of at least 1.'],
    [{ batchSize: 1.5 }, 'The option batchSize is 1.5, expected a whole number of at least 1.'],
    [{ patience: -1 }, 'The option patience is -1, expected a whole number of at least 0.'],
    [{ learningRate: NaN }, 'The option learningRate is NaN, expected a finite number above 0.'],
    [{ learningRateDecay: 2 }, 'The option learningRateDecay is 2, expected a finite number above 0 and at most 1.'],
    [{ momentum: 0.9 }, 'The option momentum is 0.9, expected none, as adam has none: sgd has.'],
    [
      { optimizer: new Adam([]), weightDecay: 1 },
      'The option weightDecay is 1, expected none beside an optimiser that is made.',
    ],
    [
      { schedule: 'constant', decayEvery: 2 },
      'The option decayEvery is 2, expected none with the schedule constant: it belongs to the schedule step.',
    ],
    [{ averageWeights: 1 }, 'The option averageWeights is 1, expected a number at least 0 and below 1.'],
    [{ scoreSmoothing: -0.1 }, 'The option scoreSmoothing is -0.1, expected a number at least 0 and below 1.'],
    [{ clipNorm: 0 }, 'The option clipNorm is 0, expected a finite number above 0.'],
  ])('refuses %o', async (wrong, message) => {
    const network = create('unet');
    const tensors = tf.memory().numTensors;
    await expect(fit(network, { train: await open() }, wrong)).rejects.toThrow(new OptionError(message));
    expect(tf.memory().numTensors).toBe(tensors);
    network.dispose();
  });
});
