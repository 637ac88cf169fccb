import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createNetwork } from '@interseg/models';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { initialState } from '../loop/training-state.ts';
import { Adam } from '../optimizer/adam.ts';
import { createOptimizer, optimizerNames, type OptimizerName } from '../optimizer/create-optimizer.ts';
import type { Optimizer } from '../optimizer/optimizer.ts';
import { checkpointText } from './checkpoint-file.ts';
import { readCheckpoint, recoverCheckpoint, writeCheckpoint } from './checkpoint.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

function create(seed: number, filters = [2, 3]) {
  const network = createNetwork({
    variant: 'sae-unet',
    inputShape: [8, 8, 1],
    classes: 1,
    filters,
    normalization: 'batch',
    seed,
  });
  const optimizer = new Adam(network.trainableVariables);
  return { network, optimizer };
}

/** Fills moments and moving statistics with values of their own. */
function disturb({ network, optimizer }: ReturnType<typeof create>): void {
  const all = [...network.variables.values(), ...optimizer.moments.flatMap(({ first, second }) => [first, second])];
  all.forEach((variable, i) => tf.tidy(() => variable.assign(tf.randomNormal(variable.shape, 0, 1, 'float32', i))));
}

const values = ({ network, optimizer }: ReturnType<typeof create>): number[][] =>
  [...network.variables.values(), ...optimizer.moments.flatMap(({ first, second }) => [first, second])].map(
    (variable) => Array.from(variable.dataSync()),
  );

describe('a checkpoint', () => {
  it('brings back weights, statistics, moments and state to the bit', async () => {
    const folder = join(await temporaryFolder(), 'last');
    const [before, after] = [create(1), create(2)];
    disturb(before);
    const state = { ...initialState(), epoch: 7, step: 123, best: { epoch: 5, score: 0.25 } };
    await writeCheckpoint(folder, before.network, before.optimizer, state);
    expect(await readCheckpoint(folder, after.network, after.optimizer)).toEqual(state);
    expect(values(after)).toEqual(values(before));
  });

  it('can give the weights alone', async () => {
    const folder = await temporaryFolder();
    const [before, after] = [create(1), create(2)];
    disturb(before);
    await writeCheckpoint(folder, before.network, before.optimizer, initialState());
    await readCheckpoint(folder, after.network, undefined);
    const count = before.network.variables.size;
    expect(values(after).slice(0, count)).toEqual(values(before).slice(0, count));
    expect(
      values(after)
        .slice(count)
        .flat()
        .every((value) => value === 0),
    ).toBe(true);
  });

  it('keeps its own file of weights and that of the checkpoint before it', async () => {
    const folder = await temporaryFolder();
    const one = create(1);
    for (const step of [1, 2, 3]) {
      await writeCheckpoint(folder, one.network, one.optimizer, { ...initialState(), step });
    }
    const files = await readdir(folder);
    expect(files.filter((name) => name.endsWith('.bin')).sort()).toEqual([
      expect.stringMatching(/^weights-2-/),
      expect.stringMatching(/^weights-3-/),
    ]);
    expect(files.filter((name) => name.includes('tmp'))).toEqual([]);
  });

  it('notices changed weights and leaves the network as it was', async () => {
    const folder = await temporaryFolder();
    const one = create(1);
    await writeCheckpoint(folder, one.network, one.optimizer, initialState());
    const [file] = (await readdir(folder)).filter((name) => name.endsWith('.bin'));
    const bytes = await readFile(join(folder, file!));
    bytes[10]! ^= 1;
    await writeFile(join(folder, file!), bytes);
    const before = values(one);
    await expect(readCheckpoint(folder, one.network, one.optimizer)).rejects.toThrow(
      /found other content than was written/,
    );
    expect(values(one)).toEqual(before);
  });

  it('refuses the weights of another network, and what is no checkpoint', async () => {
    const folder = await temporaryFolder();
    const one = create(1);
    await writeCheckpoint(folder, one.network, one.optimizer, initialState());
    const other = create(1, [2, 4]);
    await expect(readCheckpoint(folder, other.network, other.optimizer)).rejects.toThrow(/found x_1_0_.* expected/);
    const json = join(folder, 'checkpoint.json');
    const { sha256: _, ...content } = JSON.parse(await readFile(json, 'utf8'));
    const elsewhere = { ...content, weights: { ...content.weights, file: '../../secret.bin' } };
    await writeFile(json, checkpointText(elsewhere));
    await expect(readCheckpoint(folder, one.network, one.optimizer)).rejects.toThrow(
      "found the weights file '../../secret.bin'",
    );
    await writeFile(json, '{"format":"other","version":2}');
    await expect(readCheckpoint(folder, one.network, one.optimizer)).rejects.toThrow('expected interseg-checkpoint 2');
    await expect(readCheckpoint(join(folder, 'nowhere'), one.network, one.optimizer)).rejects.toThrow(
      'checkpoint.json',
    );
  });
});

describe('the checkpoint of an optimiser', () => {
  it.each(optimizerNames)('brings back what %s remembers, and is refused by another one', async (name) => {
    const folder = await temporaryFolder();
    const [before, after] = [create(1), create(2)];
    const of = (chosen: OptimizerName, { network }: typeof before) => createOptimizer(network, { optimizer: chosen });
    const [one, same] = [of(name, before), of(name, after)];
    [...one.state.values()].forEach((variable, i) =>
      tf.tidy(() => variable.assign(tf.randomNormal(variable.shape, 0, 1, 'float32', i))),
    );
    await writeCheckpoint(folder, before.network, one, initialState());
    await readCheckpoint(folder, after.network, same);
    const remembered = ({ state }: Optimizer) => [...state].map(([key, value]) => [key, Array.from(value.dataSync())]);
    expect(remembered(same)).toEqual(remembered(one));
    for (const other of optimizerNames.filter((each) => each !== name)) {
      await expect(readCheckpoint(folder, after.network, of(other, after))).rejects.toThrow(
        `found what the optimiser ${name} remembers, expected that of ${other}.`,
      );
    }
  });
});

describe('the checkpoint of an averaging optimiser', () => {
  it('gives back weights and averages, or the averages alone to predict with', async () => {
    const folder = await temporaryFolder();
    const [before, after, deployed] = [create(1), create(2), create(3)];
    disturb(before);
    const optimizers = [before, after].map(({ network }) => createOptimizer(network, { averageWeights: 0.9 }));
    disturb(before);
    [...optimizers[0]!.state.values()].forEach((variable, i) =>
      tf.tidy(() => variable.assign(tf.randomNormal(variable.shape, 0, 1, 'float32', 100 + i))),
    );
    await writeCheckpoint(folder, before.network, optimizers[0]!, initialState());
    await readCheckpoint(folder, after.network, optimizers[1]!);
    const all = ({ network }: typeof before, optimizer: Optimizer) =>
      [...network.variables.values(), ...optimizer.state.values()].map((variable) => Array.from(variable.dataSync()));
    expect(all(after, optimizers[1]!)).toEqual(all(before, optimizers[0]!));
    await readCheckpoint(folder, deployed.network, undefined);
    const averages = [...optimizers[0]!.average!.averages.values()].map((variable) => Array.from(variable.dataSync()));
    expect(values(deployed).slice(0, averages.length)).toEqual(averages);
    await expect(readCheckpoint(folder, after.network, after.optimizer)).rejects.toThrow(
      'found averages of the weights, expected none, as averageWeights says.',
    );
    await writeCheckpoint(folder, before.network, before.optimizer, initialState());
    await expect(readCheckpoint(folder, after.network, optimizers[1]!)).rejects.toThrow(
      'found no averages of the weights, expected them, as averageWeights says.',
    );
  });
});

describe('a damaged checkpoint', () => {
  /** Two checkpoints, of steps 1 and 2, with other weights. */
  async function written() {
    const folder = await temporaryFolder();
    const one = create(1);
    disturb(one);
    await writeCheckpoint(folder, one.network, one.optimizer, { ...initialState(), step: 1 });
    const first = values(one);
    tf.tidy(() => one.network.trainableVariables[0]!.assign(tf.ones(one.network.trainableVariables[0]!.shape)));
    await writeCheckpoint(folder, one.network, one.optimizer, { ...initialState(), step: 2 });
    return { folder, one, first, second: values(one) };
  }
  const recover = async (folder: string) => {
    const into = create(2);
    const notes: string[] = [];
    const state = await recoverCheckpoint(
      folder,
      into.network,
      () => into.optimizer,
      (message) => notes.push(message),
    );
    return { step: state?.step, values: values(into), notes };
  };

  it('is not what is found when nothing is wrong', async () => {
    const { folder, second } = await written();
    expect(await recover(folder)).toEqual({ step: 2, values: second, notes: [] });
    expect(await recover(await temporaryFolder())).toMatchObject({ step: undefined, notes: [] });
  });

  const weights2 = async (folder: string): Promise<string> =>
    join(
      folder,
      (await readdir(folder)).find((name) => name.startsWith('weights-2-'))!,
    );
  const flip = async (path: string, at: number): Promise<void> => {
    const bytes = await readFile(path);
    bytes[at]! ^= 4;
    await writeFile(path, bytes);
  };
  it.each<[string, (folder: string) => Promise<void>]>([
    ['weights with a flipped bit', async (folder) => flip(await weights2(folder), 40)],
    ['weights that are cut off', async (folder) => truncate(await weights2(folder), 100)],
    ['weights that are missing', async (folder) => rm(await weights2(folder))],
    ['a state that is cut off', (folder) => truncate(join(folder, 'checkpoint.json'), 300)],
    ['an empty state', (folder) => truncate(join(folder, 'checkpoint.json'), 0)],
    ['no state', (folder) => rm(join(folder, 'checkpoint.json'))],
    [
      'a state with another step',
      async (folder) => {
        const text = await readFile(join(folder, 'checkpoint.json'), 'utf8');
        await writeFile(join(folder, 'checkpoint.json'), text.replace('"step": 2', '"step": 3'));
      },
    ],
  ])('gives way to the one before it: %s', async (_, damage) => {
    const { folder, first, one } = await written();
    await damage(folder);
    const recovered = await recover(folder);
    expect(recovered).toMatchObject({ step: 1, values: first });
    expect(recovered.notes).toEqual([
      expect.stringMatching(/^damaged checkpoint \(.*\): going on from the one before it, epoch 1, step 1$/),
    ]);
    // The damage is gone for good, and the next checkpoint does not bring it back as the previous one.
    expect(await recover(folder)).toMatchObject({ step: 1, notes: [] });
    await writeCheckpoint(folder, one.network, one.optimizer, { ...initialState(), step: 5 });
    await rm(join(folder, 'checkpoint.json'));
    expect(await recover(folder)).toMatchObject({ step: 1 });
  });

  it('is an error when the one before it is damaged, too', async () => {
    const { folder } = await written();
    for (const name of await readdir(folder)) if (name.endsWith('.bin')) await flip(join(folder, name), 8);
    await expect(recover(folder)).rejects.toThrow(/weights-2-.*found other content than was written/);
  });

  it('tells what it is of', async () => {
    const folder = await temporaryFolder();
    const one = create(1);
    const notes = { learningRate: 0.01, seed: 3, versions: { '@interseg/training': '1.2.3' } };
    await writeCheckpoint(folder, one.network, one.optimizer, { ...initialState(), step: 7 }, notes);
    expect(JSON.parse(await readFile(join(folder, 'checkpoint.json'), 'utf8'))).toMatchObject({
      format: 'interseg-checkpoint',
      variant: 'sae-unet',
      network: { inputShape: [8, 8, 1], classes: 1, filters: [2, 3], normalization: 'batch', seed: 1 },
      notes,
      state: { epoch: 1, step: 7, stepInEpoch: 0 },
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });
});
