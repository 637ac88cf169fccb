import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generatePhantoms } from '@interseg/data';
import { compileStep, engines, useEngine } from '@interseg/runtime';
import { resume, runConfiguration, train, type RunResult } from '@interseg/training';
import { afterAll, expect, it } from 'vitest';

const native = (await engines()).find(({ name }) => name === 'native');
const lack = native?.available ? '' : ' (not installed)';
const folder = await mkdtemp(join(tmpdir(), 'interseg-resume-native-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

it.skipIf(lack !== '')(
  `a run that is resumed on native${lack} has the history of an uninterrupted one within 1e-6`,
  async () => {
    await useEngine('native');
    const { folder: data } = await generatePhantoms(join(folder, 'data'), {
      patients: 4,
      shape: [16, 14, 6],
      spacing: [10, 10, 20],
    });
    const settings = {
      data,
      engine: 'native',
      size: 16,
      filters: [2, 4, 8],
      batch: 3,
      learningRate: 0.01,
      patience: 0,
    };
    const configuration = runConfiguration.parse({ ...settings, fractions: [0.5, 0.5, 0], epochs: 4 });
    const hooks = { engine: 'native', environment: {}, compileStep };
    const whole = await train(configuration, join(folder, 'whole'), hooks);
    await train({ ...configuration, epochs: 2 }, join(folder, 'parts'), hooks);
    const parts = await resume(join(folder, 'parts'), hooks, { epochs: 4 });
    const losses = ({ history }: RunResult): number[] =>
      history.flatMap(({ trainLoss, valLoss }) => [trainLoss, valLoss!]);
    expect(losses(parts)).toHaveLength(8);
    losses(whole).forEach((loss, i) => expect(Math.abs(losses(parts)[i]! / loss - 1)).toBeLessThan(1e-6));
  },
);
