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

it.skipIf(lack !== '').each(['float32', 'auto'] as const)(
  `a run that is resumed on native${lack} in %s has the history of an uninterrupted one within 1e-6`,
  async (precision) => {
    await useEngine('native', { precision });
    const [whole, parts] = [join(folder, `whole-${precision}`), join(folder, `parts-${precision}`)];
    const { folder: data } = await generatePhantoms(join(folder, `data-${precision}`), {
      patients: 4,
      shape: [16, 14, 6],
      spacing: [10, 10, 20],
    });
    const settings = {
      data,
      engine: 'native',
      precision,
      size: 16,
      filters: [2, 4, 8],
      batch: 3,
      learningRate: 0.01,
      patience: 0,
    };
    const configuration = runConfiguration.parse({ ...settings, fractions: [0.5, 0.5, 0], epochs: 4 });
    const hooks = { engine: 'native', environment: {}, compileStep };
    const uninterrupted = await train(configuration, whole, hooks);
    await train({ ...configuration, epochs: 2 }, parts, hooks);
    const resumed = await resume(parts, hooks, { epochs: 4 });
    const losses = ({ history }: RunResult): number[] =>
      history.flatMap(({ trainLoss, valLoss }) => [trainLoss, valLoss!]);
    expect(losses(resumed)).toHaveLength(8);
    losses(uninterrupted).forEach((loss, i) => expect(Math.abs(losses(resumed)[i]! / loss - 1)).toBeLessThan(1e-6));
  },
);
