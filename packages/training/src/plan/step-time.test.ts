import { openDataset } from '@interseg/data';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { expect, it } from 'vitest';
import { smallConfiguration, smallPhantoms } from '../../test/small-run.ts';
import type { CompileStep, StepInputs } from '../loop/train-step.ts';
import { timeStep } from './step-time.ts';

it('times steps as the run will have them, with slices without labels where it has some', async () => {
  await tf.setBackend('cpu');
  const { folder } = await smallPhantoms({ patients: 1 });
  const dataset = await openDataset(folder);
  const inputsOf = async (changes: object): Promise<Record<string, number>> => {
    let seen: StepInputs | undefined;
    // Those of training have masks; others are passes of validation.
    const compileStep: CompileStep = (step) => (inputs) => step('mask' in inputs ? (seen = inputs) : inputs);
    const configuration = smallConfiguration(folder, { variant: 'tw-unet', ...changes });
    const { training, prediction } = await timeStep(configuration, dataset, compileStep);
    expect([training, prediction].every((seconds) => seconds > 0 && Number.isFinite(seconds))).toBe(true);
    return Object.fromEntries(Object.entries(seen!).map(([name, { shape }]) => [name, shape[0] ?? 1]));
  };
  expect(await inputsOf({})).not.toHaveProperty('unlabelled');
  const taught = { unlabelled: 'all', unlabelledRatio: 2, consistency: 1, averageWeights: 0.9, augmentation: 'light' };
  expect(await inputsOf(taught)).toMatchObject({ image: 3, unlabelled: 6, otherUnlabelled: 6, consistency: 1 });
});
