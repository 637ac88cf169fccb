import { openSlices, type DataSet } from '@interseg/data';
import { createNetwork, type SegmentationNetwork } from '@interseg/models';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { smallPhantoms } from '../../test/small-run.ts';
import { Adam } from '../optimizer/adam.ts';
import { createOptimizer } from '../optimizer/create-optimizer.ts';
import { fit } from './fit.ts';
import type { FitDataset, FitOptions } from './fit-options.ts';
import type { EpochRecord } from './history.ts';
import { skippedCsv } from './non-finite.ts';
import type { StepInputs } from './train-step.ts';
import { validate } from './validate.ts';

let phantoms: DataSet;
let dataset: FitDataset;

beforeAll(async () => {
  await tf.setBackend('cpu');
  phantoms = await smallPhantoms();
  const open = (...ids: string[]) => openSlices(phantoms, ids, { size: [16, 16] });
  dataset = { train: await open('phantom_001', 'phantom_002'), validation: await open('phantom_003') };
});

const create = (variant = 'twi-unet'): SegmentationNetwork =>
  createNetwork({ variant, inputShape: [16, 16, 2], classes: 2, filters: [2, 3, 4] });
const options: FitOptions = { epochs: 3, batchSize: 3, learningRate: 0.01 };
const withoutTime = (history: EpochRecord[]) => history.map((record) => ({ ...record, seconds: 0 }));

async function run(changes: FitOptions = {}, variant?: string) {
  const network = create(variant);
  const result = await fit(network, dataset, { ...options, ...changes });
  network.dispose();
  return result;
}

describe('fit', () => {
  it('releases its step and the passes of validation, however it ends', async () => {
    const calls: string[] = [];
    const released: string[] = [];
    let made = 0;
    const compileStep: FitOptions['compileStep'] = (step) => {
      const name = ['step', 'pass'][made++ % 2]!;
      return Object.assign((inputs: StepInputs) => (calls.push(name), step(inputs)), {
        release: () => released.push(name),
      });
    };
    await run({ epochs: 1, compileStep });
    expect([calls[0], calls.at(-1), released]).toEqual(['step', 'pass', ['step', 'pass']]);
    const onEpoch = () => Promise.reject(new Error('from the caller'));
    await expect(run({ epochs: 1, compileStep, onEpoch })).rejects.toThrow('from the caller');
    expect(released).toEqual(['step', 'pass', 'step', 'pass']);
  });

  it('lowers the loss and records every term of it', async () => {
    const { state, stopped } = await run({ epochs: 6 });
    expect(stopped).toBe('epochs');
    expect(state.history).toHaveLength(6);
    const [first, last] = [state.history[0]!, state.history[5]!];
    expect(last.lossImage).toBeLessThan(first.lossImage);
    expect(last.valLoss).toBeLessThan(first.valLoss!);
    for (const { trainLoss, lossImage, lossMask, lossIntermediate, lossReconstruction } of state.history) {
      const sum = lossImage + lossMask! + 0.1 * lossIntermediate! + 0.1 * lossReconstruction!;
      expect(trainLoss).toBeCloseTo(sum, 5);
    }
    expect(last.step).toBe(6 * Math.ceil(dataset.train.length / 3));
  });

  it('records L_image at the full resolution, in training and validation, and at the lower ones', async () => {
    const network = createNetwork({ ...create('twi-unet').options, deepSupervision: true });
    const { history } = await fit(network, dataset, { ...options, epochs: 2, loss: { alpha: 2 } });
    for (const { trainLoss, lossDeepSupervision, ...terms } of history) {
      // One lower level, of half the resolution: weights 2/3 and 1/3.
      const image = (2 * terms.lossImage + lossDeepSupervision!) / 3;
      const others = terms.lossMask! + 0.1 * terms.lossIntermediate! + 0.1 * terms.lossReconstruction!;
      expect(trainLoss).toBeCloseTo(2 * image + others, 5);
    }
    // Validation shows equation 1 of the deployed network alone.
    const { loss } = await validate(network, dataset.validation!, 3);
    expect(history[1]!.valLoss).toBeCloseTo(loss, 6);
    const plain = createNetwork({ ...network.options, deepSupervision: false });
    for (const [name, variable] of plain.variables) variable.assign(network.variables.get(name)!);
    expect((await validate(plain, dataset.validation!, 3)).loss).toBeCloseTo(loss, 6);
    network.dispose();
    plain.dispose();
  });

  it('lets lambda rise from 0 to the whole, epoch by epoch', async () => {
    const { history } = (await run({ epochs: 4, lambdaWarmUp: 2, loss: { lambda: 0.5 } })).state;
    history.forEach(({ trainLoss, lossImage, lossMask, lossIntermediate, lossReconstruction }, index) => {
      const lambda = [0, 0.25, 0.5, 0.5][index]!;
      expect(lossIntermediate).toBeGreaterThan(0);
      expect(trainLoss).toBeCloseTo(lossImage + lossMask! + lambda * lossIntermediate! + 0.1 * lossReconstruction!, 5);
    });
    const [without] = (await run({ epochs: 1, lambdaWarmUp: 2 }, 'unet')).state.history;
    expect(without!.trainLoss).toBeCloseTo(without!.lossImage, 6);
  });

  it('leaves out the terms that a variant lacks', async () => {
    const [record] = (await run({ epochs: 1 }, 'unet')).state.history;
    expect(record).toMatchObject({ lossMask: undefined, lossIntermediate: undefined, lossReconstruction: undefined });
    expect(record!.trainLoss).toBeCloseTo(record!.lossImage, 6);
  });

  it('gives the same history for the same seed, and another for another', async () => {
    const [a, b, c] = [await run(), await run(), await run({ seed: 2 })].map(({ state }) => withoutTime(state.history));
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });

  it('continues an interrupted epoch as if it had never stopped', async () => {
    const whole = withoutTime((await run()).state.history);
    const network = create();
    const optimizer = new Adam(network.trainableVariables);
    const controller = new AbortController();
    let steps = 0;
    const onStep = (): void => {
      if (++steps === 4) controller.abort();
    };
    const first = await fit(network, dataset, { ...options, optimizer, onStep, signal: controller.signal });
    expect(first.stopped).toBe('interrupted');
    expect(first.state).toMatchObject({ step: 4 });
    expect(first.state.stepInEpoch).toBeGreaterThan(0);
    const second = await fit(network, dataset, { ...options, optimizer, state: structuredClone(first.state) });
    expect(withoutTime(second.state.history)).toEqual(whole);
    optimizer.dispose();
    network.dispose();
  });

  it.each(['adamw', 'sgd'] as const)(
    'continues as if it had never stopped with %s, a schedule that falls in each step and a warm-up',
    async (name) => {
      const changes: FitOptions = { optimizer: name, schedule: 'polynomial', warmUpEpochs: 0.5, epochs: 2 };
      const whole = withoutTime((await run(changes, 'unet')).state.history);
      const network = create('unet');
      const optimizer = createOptimizer(network, { optimizer: name });
      const controller = new AbortController();
      let steps = 0;
      const onStep = (): void => void (++steps === 2 && controller.abort());
      const given = { ...options, ...changes, optimizer };
      const { state } = await fit(network, dataset, { ...given, onStep, signal: controller.signal });
      expect(state.stepInEpoch).toBeGreaterThan(0);
      const rest = await fit(network, dataset, { ...given, state: structuredClone(state) });
      expect(withoutTime(rest.history)).toEqual(whole);
      optimizer.dispose();
      network.dispose();
    },
  );

  it('moves from step to step as the schedule says, and records the learning rate of the last step', async () => {
    const moves = async (changes: FitOptions): Promise<number[]> => {
      const network = create('unet');
      const [variable] = network.trainableVariables;
      const seen = [Array.from(variable!.dataSync())];
      const onStep = (): void => void seen.push(Array.from(variable!.dataSync()));
      const plain: FitOptions = { ...options, optimizer: 'sgd', momentum: 0, weightDecay: 0, epochs: 1 };
      const { history } = await fit(network, dataset, { ...plain, ...changes, onStep });
      network.dispose();
      const lengths = seen.slice(1).map((row, i) => Math.hypot(...row.map((value, j) => value - seen[i]![j]!)));
      return [history[0]!.learningRate, ...lengths];
    };
    // The rates are so low that the gradients stay the same: the steps are as long as the rates say.
    const [rate, ...constant] = await moves({ schedule: 'constant', learningRate: 1e-3 });
    const [last, ...falling] = await moves({ schedule: 'polynomial', learningRate: 1e-3 });
    const steps = constant.length;
    expect(steps).toBeGreaterThan(2);
    expect([rate, last]).toEqual([1e-3, expect.closeTo(1e-3 * (1 / steps) ** 0.9, 12)]);
    const shares = falling.map((length, i) => length / constant[i]!);
    shares.forEach((share, i) => expect(share).toBeCloseTo((1 - i / steps) ** 0.9, 2));
  });

  it('does not stop early where the schedule ends with the epochs, unless told', async () => {
    const still: FitOptions = { learningRate: 1e-12, epochs: 5, schedule: 'cosine', batchSize: 100 };
    expect((await run({ ...still, patience: 2 }, 'unet')).stopped).toBe('patience');
    const long = { ...still, epochs: 23 };
    expect((await run(long, 'unet')).stopped).toBe('epochs');
  });

  it('keeps the number of tensors flat', async () => {
    const before = tf.memory().numTensors;
    const network = create();
    const counts: number[] = [];
    await fit(network, dataset, { ...options, onEpoch: () => void counts.push(tf.memory().numTensors) });
    expect(new Set(counts).size).toBe(1);
    network.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('stops when no epoch has been better for as long as patience says', async () => {
    // With a learning rate of next to nothing the validation Dice cannot change.
    const { state, stopped } = await run({ epochs: 50, patience: 2, learningRate: 1e-12 });
    expect(stopped).toBe('patience');
    expect(state.history).toHaveLength(3);
    expect(state.best?.epoch).toBe(1);
  });

  it('refuses to train on nothing', async () => {
    const network = create('unet');
    const train = await openSlices(phantoms, [], { size: [16, 16] });
    await expect(fit(network, { train }, options)).rejects.toThrow('There are no training slices');
    network.dispose();
  });

  it('says where a loss stopped being a number', async () => {
    const network = create('unet');
    const [variable] = network.trainableVariables;
    tf.tidy(() => variable!.assign(tf.fill(variable!.shape, NaN)));
    await expect(fit(network, dataset, options)).rejects.toThrow(
      /The loss is NaN in epoch 1, step 1 \(cases phantom_00/,
    );
    network.dispose();
  });

  /** The training slices, with those of one batch in each epoch made useless. */
  function withBadBatch(which: number, value = NaN): FitDataset {
    const train = {
      ...dataset.train,
      async *batches(given: Parameters<FitDataset['train']['batches']>[0]) {
        let index = 0;
        for await (const batch of dataset.train.batches(given)) {
          if (++index === which) batch.images.fill(value);
          yield batch;
        }
      },
    };
    return { ...dataset, train };
  }

  it.each(['instance', 'batch'] as const)(
    'can skip a bad batch as if it had not been there: %s',
    async (normalization) => {
      const network = createNetwork({ ...create('unet').options, normalization });
      const before = [...network.variables.values()].map((variable) => Array.from(variable.dataSync()));
      const onSkip = vi.fn();
      const bad: FitDataset = { train: withBadBatch(1).train };
      const stopAfterFirst = vi.fn(() => 'minutes' as const);
      const { state } = await fit(network, bad, { ...options, onNan: 'skip', onSkip, endEarly: stopAfterFirst });
      expect(state).toMatchObject({ step: 0, stepInEpoch: 1, sums: { samples: 0 } });
      expect([...network.variables.values()].map((variable) => Array.from(variable.dataSync()))).toEqual(before);
      expect(onSkip.mock.calls).toEqual([
        [
          {
            epoch: 1,
            stepInEpoch: 1,
            loss: 'NaN',
            cases: expect.arrayContaining([expect.stringMatching(/^phantom_/)]),
          },
          expect.stringMatching(/^The loss is NaN in epoch 1, step 1 \(cases phantom_.*: the batch was skipped$/),
        ],
      ]);
      // It goes on from there, and counts what it passes over.
      const rest = await fit(network, bad, { ...options, onNan: 'skip', state, epochs: 2 });
      expect(rest.state.history.map(({ skipped }) => skipped)).toEqual([1, 1]);
      for (const { trainLoss, gradientNorm } of rest.state.history) expect(trainLoss + gradientNorm!).toBeLessThan(100);
      expect(skippedCsv(rest.state.skipped!)).toMatch(
        /^epoch,step_in_epoch,loss,cases\n1,1,NaN,phantom_\S.*\n2,1,NaN,/,
      );
      network.dispose();
    },
  );

  it('can halve the learning rate at each bad batch', async () => {
    const network = create('unet');
    const { state } = await fit(
      network,
      { train: withBadBatch(2).train },
      { ...options, epochs: 2, onNan: 'halve-lr' },
    );
    expect(state.history.map(({ learningRate }) => learningRate)).toEqual([0.005, 0.0025]);
    network.dispose();
  });

  it('does not skip batches for ever', async () => {
    const network = create('unet');
    const train = { ...dataset.train, batches: (given: never) => allBad(given) };
    async function* allBad(given: never) {
      for (;;) for await (const batch of dataset.train.batches(given)) yield (batch.images.fill(Infinity), batch);
    }
    await expect(fit(network, { train }, { ...options, onNan: 'skip' })).rejects.toThrow(
      'as in the 10 batches before it',
    );
    network.dispose();
  });

  it('stops before its weights are spoilt where the norm of the gradients is not finite', async () => {
    const network = create('unet');
    await expect(fit(network, { train: withBadBatch(1).train }, { ...options, clipNorm: 1 })).rejects.toThrow(
      /is NaN in epoch 1, step 1 \(cases phantom_/,
    );
    network.dispose();
  });

  it.each([{}, { onNan: 'skip' }, { clipNorm: 1 }] as const)(
    'names the batch whose gradients are not finite while its loss is: %o',
    async (guards) => {
      const network = create('unet');
      const plain = network.loss.bind(network);
      // Adds √(0 · loss) where an image is nothing but 0: that is 0, and its derivative 0 · ∞.
      network.loss = (batch, given) => {
        const { total, ...terms } = plain(batch, given);
        const factor = tf.step(tf.max(tf.abs(batch.image)));
        return { ...terms, total: tf.add(total, tf.sqrt(tf.mul(total, factor))) as tf.Scalar };
      };
      const cases: string[][] = [];
      const given = { batchSize: options.batchSize!, seed: 1, epoch: 1, shuffle: true };
      for await (const batch of dataset.train.batches(given)) cases.push([...new Set(batch.cases)]);
      const seen: string[] = [];
      const end = { endEarly: () => (seen.length > 0 ? ('minutes' as const) : undefined) };
      const onSkip = (_: unknown, message: string): void => void seen.push(message);
      await fit(network, withBadBatch(2, 0), { ...options, ...guards, ...end, onSkip }).catch((error: Error) => {
        seen.push(error.message);
      });
      const place = `The gradients' norm is NaN in epoch 1, step 2 (cases ${cases[1]!.join(', ')})`;
      expect(seen).toEqual([expect.stringContaining(place)]);
      network.dispose();
    },
  );

  it('moves by the clipped gradient', async () => {
    const train = { ...dataset.train };
    const [free, clipped] = [create('unet'), create('unet')];
    const once = { ...options, endEarly: () => 'minutes' as const };
    const optimizers = [new Adam(free.trainableVariables), new Adam(clipped.trainableVariables)];
    await fit(free, { train }, { ...once, optimizer: optimizers[0]! });
    const { state } = await fit(clipped, { train }, { ...once, optimizer: optimizers[1]!, clipNorm: 1e-3 });
    // The first moment after one step is a tenth of the gradient.
    const [full, small] = optimizers.map(({ moments }) => moments.flatMap(({ first }) => Array.from(first.dataSync())));
    const norm = 10 * Math.hypot(...full!);
    expect(state.sums.gradientNorm! / state.sums.samples).toBeCloseTo(norm, 3);
    expect(10 * Math.hypot(...small!)).toBeCloseTo(1e-3, 6);
    small!.forEach((value, i) => expect(value).toBeCloseTo((full![i]! * 1e-3) / norm, 7));
    for (const one of [...optimizers, free, clipped]) one.dispose();
  });

  it.each(['twi-unet', 'sae-unetpp'])(
    'stays finite without any foreground, and with nothing else: %s',
    async (variant) => {
      for (const [image, mask] of [
        [undefined, 0],
        [0, 0],
        [undefined, 1],
      ] as const) {
        const train = {
          ...dataset.train,
          async *batches(given: Parameters<FitDataset['train']['batches']>[0]) {
            for await (const batch of dataset.train.batches(given)) {
              batch.masks.fill(mask);
              if (image !== undefined) batch.images.fill(image);
              yield batch;
            }
          },
        };
        const network = create(variant);
        let steps = 0;
        const endEarly = (): 'minutes' | undefined => (++steps === 3 ? 'minutes' : undefined);
        const { state } = await fit(network, { train }, { ...options, endEarly });
        expect(state.step).toBe(3);
        for (const sum of Object.values(state.sums.losses)) expect(sum).toBeGreaterThanOrEqual(0);
        for (const variable of network.variables.values()) {
          expect(Array.from(variable.dataSync()).every(Number.isFinite), variable.name).toBe(true);
        }
        network.dispose();
      }
    },
  );
});
