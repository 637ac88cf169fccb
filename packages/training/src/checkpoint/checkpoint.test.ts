import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createNetwork } from '@interseg/models';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/small-run.ts';
import { initialState } from '../loop/training-state.ts';
import { Adam } from '../optimizer/adam.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';

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

  it('keeps one file of weights', async () => {
    const folder = await temporaryFolder();
    const one = create(1);
    for (const step of [1, 2, 3])
      await writeCheckpoint(folder, one.network, one.optimizer, { ...initialState(), step });
    const files = await readdir(folder);
    expect(files.filter((name) => name.endsWith('.bin'))).toEqual([expect.stringMatching(/^weights-3-/)]);
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
    const content = JSON.parse(await readFile(json, 'utf8'));
    await writeFile(json, JSON.stringify({ ...content, weights: { ...content.weights, file: '../../secret.bin' } }));
    await expect(readCheckpoint(folder, one.network, one.optimizer)).rejects.toThrow(
      "found the weights file '../../secret.bin'",
    );
    await writeFile(json, '{"format":"other","version":2}');
    await expect(readCheckpoint(folder, one.network, one.optimizer)).rejects.toThrow('expected interseg-checkpoint 1');
    await expect(readCheckpoint(join(folder, 'nowhere'), one.network, one.optimizer)).rejects.toThrow(
      'checkpoint.json',
    );
  });
});
