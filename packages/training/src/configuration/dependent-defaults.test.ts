import { describe, expect, it } from 'vitest';
import { overrideOptions } from './dependent-defaults.ts';
import { runConfiguration } from './run-configuration.ts';

const parse = (values: object) => runConfiguration.parse({ data: 'folder', ...values });

describe('defaults that depend on other options', () => {
  it('are those of the optimiser and the schedule, and the same when they are read back', () => {
    const adam = { optimizer: 'adam', schedule: 'step', learningRate: 2e-3, learningRateDecay: 0.9, decayEvery: 3 };
    expect(parse({})).toMatchObject({ ...adam, patience: 20, warmUpEpochs: 0 });
    expect(parse({})).not.toHaveProperty('momentum');
    const sgd = parse({ optimizer: 'sgd', schedule: 'polynomial' });
    expect(sgd).toMatchObject({ learningRate: 0.01, momentum: 0.99, weightDecay: 3e-5, patience: 0 });
    expect(sgd).not.toHaveProperty('decayEvery');
    expect(parse(JSON.parse(JSON.stringify(sgd)) as object)).toEqual(sgd);
    expect(parse({ optimizer: 'adamw', learningRate: 1e-3, patience: 5 })).toMatchObject({
      learningRate: 1e-3,
      weightDecay: 0.01,
      patience: 5,
    });
  });

  it('give way to a preset, but not to what it says of another schedule', () => {
    expect(parse({ preset: 'small-objects' })).toMatchObject({ decayEvery: 5, learningRateDecay: 0.9 });
    expect(parse({ preset: 'small-objects', schedule: 'cosine' })).not.toHaveProperty('decayEvery');
    expect(parse({ preset: 'paper', schedule: 'cosine' })).toMatchObject({ learningRate: 3e-4, patience: 0 });
  });

  it('change with the optimiser and the schedule of an entry of a comparison', () => {
    const entry = overrideOptions(parse({ patience: 5 }), { optimizer: 'sgd', schedule: 'cosine' });
    expect(entry).toMatchObject({ learningRate: 0.01, momentum: 0.99, patience: 5 });
    expect(entry).not.toHaveProperty('decayEvery');
    expect(overrideOptions(parse({}), { schedule: 'cosine' }).patience).toBe(0);
    const own = { optimizer: 'sgd', learningRate: 0.1 } as const;
    expect(overrideOptions(parse({}), own).learningRate).toBe(0.1);
    expect(overrideOptions(parse({ learningRate: 0.003 }), { optimizer: 'sgd' }).learningRate).toBe(0.003);
    expect(overrideOptions(parse({ optimizer: 'sgd' }), { optimizer: 'adam' })).toEqual(parse({ optimizer: 'adam' }));
    const same = parse({ learningRate: 0.02, decayEvery: 7 });
    expect(overrideOptions(same, { epochs: 3 })).toEqual({ ...same, epochs: 3 });
  });
});
