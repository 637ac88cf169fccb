import { describe, expect, it } from 'vitest';
import { pickOptions } from '../configuration/option.ts';
import type { PresetName } from '../configuration/sections/data.ts';
import { runConfiguration, type RunConfigurationInput } from '../configuration/run-configuration.ts';
import type { Fingerprint } from './fingerprint/fingerprint.ts';
import type { Spread } from './fingerprint/spread.ts';
import { plannedPrecision } from './plan-run.ts';
import { recipe } from './recipe.ts';
import type { OptionName, PlanFacts } from './rule.ts';
import { rules } from './rules.ts';

const all = (value: number): Spread => ({ smallest: value, tenth: value, median: value, largest: value });

interface Look {
  modality?: 'mr' | 'ct';
  side?: number;
  spacing?: Spread;
  diameter?: Spread;
  between?: Spread;
  span?: number;
  classes?: number;
  overlapping?: boolean;
  share?: number;
  patients?: number;
}

/** A data set of 20 patients unless told, with a hundred slices, of which 30 have foreground. */
function fingerprint(look: Look): Fingerprint {
  const { modality = 'mr', side = 128, spacing = all(1), diameter = all(20), between = all(5) } = look;
  const { span = 2, classes = 1, overlapping = false, share = 0.01, patients = 20 } = look;
  return {
    modality,
    channels: ['image'],
    patients,
    cases: 20,
    slices: { total: 100, foreground: 30 },
    spacing: { pixels: spacing, slices: between },
    size: { slices: all(5), rows: all(side), columns: all(side) },
    intensities: [{ channel: 'image', mean: 50, standardDeviation: 40, percentiles: { 0.5: -160, 50: 50, 99.5: 240 } }],
    classes: Array.from({ length: classes }, (_, index) => ({
      ...{ name: `class ${index}`, cases: 20, objects: 30, voxelShare: share / (1 + index) },
      ...{ diameter, span: all(span + index) },
    })),
    overlapping,
  };
}

async function plan(look: Look, given: Partial<RunConfigurationInput> = {}, limits: Partial<PlanFacts> = {}) {
  const facts: PlanFacts = {
    fingerprint: fingerprint(look),
    parts: { train: 15, validation: 5 },
    memory: recipe.memory,
    timeStep: async () => ({ training: 2, prediction: 0.5 }),
    ...limits,
  };
  const isGiven = (option: OptionName): boolean => given[option] !== undefined;
  const chosen: Record<string, unknown> = { data: 'folder', ...given };
  let configuration = runConfiguration.parse(chosen);
  const reasons: Partial<Record<OptionName, string>> = {};
  for (const { option, decide } of rules) {
    if (isGiven(option)) continue;
    const decision = await decide(facts, { configuration, isGiven });
    if (!decision) continue;
    chosen[option] = decision.value;
    configuration = runConfiguration.parse(chosen);
    reasons[option] = decision.reason;
  }
  return { ...configuration, reasons };
}

describe('spacing', () => {
  it('stays that of the files if they have one, and is the median of several', async () => {
    expect((await plan({})).spacing).toBeUndefined();
    const spacing = { smallest: 0.7, tenth: 0.7, median: 0.8, largest: 1.2 };
    expect((await plan({ spacing })).spacing).toBe(0.8);
  });

  it('is coarser for large slices, as long as small objects keep pixels', async () => {
    // 512 pixels to 256: by 2, where objects of 40 pixels keep 20; those of 18 keep 12 only by 1.5.
    expect((await plan({ side: 512, spacing: all(0.8), diameter: all(40) })).spacing).toBe(1.6);
    expect((await plan({ side: 512, spacing: all(0.8), diameter: all(18) })).spacing).toBe(1.2);
    expect((await plan({ side: 512, spacing: all(0.8), diameter: all(5) })).spacing).toBeUndefined();
  });
});

it('training starts from a low probability where every class is rare', async () => {
  expect((await plan({ share: 0.001 })).initialProbability).toBe(0.01);
  expect((await plan({ share: 0.0011 })).initialProbability).toBe(0.5);
  // The classes have 0.0015 and half of that.
  expect((await plan({ share: 0.0015, classes: 2 })).initialProbability).toBe(0.5);
  expect((await plan({ share: 0.0004 }, { initialProbability: 0.2 })).initialProbability).toBe(0.2);
});

describe('size and levels', () => {
  it('take in a whole slice, rounded up to what the levels halve', async () => {
    expect(await plan({ side: 128 })).toMatchObject({ size: [128, 128], filters: [16, 32, 64, 128, 256] });
    expect(await plan({ side: 100 })).toMatchObject({ size: [112, 112], filters: [16, 32, 64, 128, 256] });
    expect(await plan({ side: 24 })).toMatchObject({ size: [24, 24], filters: [16, 32, 64] });
  });

  it('are those of a patch for larger slices, smaller ones for small objects', async () => {
    expect((await plan({ side: 512, diameter: all(10) })).size).toEqual([recipe.patch, recipe.patch]);
    const someSmall = { ...all(10), smallest: 3, tenth: 4 };
    expect((await plan({ side: 512, diameter: someSmall })).size).toEqual([192, 192]);
    expect((await plan({ side: 512, diameter: all(4) })).size).toEqual([128, 128]);
    // At half the size an object of 12 pixels has 6.
    const half = await plan({ side: 1024, diameter: all(12), spacing: all(0.5) }, { spacing: 1 });
    expect(half.size).toEqual([128, 128]);
  });

  it('cut patches only from slices that are larger', async () => {
    const whole = await plan({ side: 128 });
    expect([whole.resizing, whole.reasons.patchesPerSlice]).toEqual(['shrink', undefined]);
    // (512 / 256)² patches have the pixels of a slice.
    const patches = { resizing: 'patch', patchesPerSlice: 4, patchForeground: recipe.patchForeground };
    expect(await plan({ side: 512, diameter: all(10) })).toMatchObject(patches);
    expect(await plan({ side: 300, diameter: all(10) })).toMatchObject({ resizing: 'patch', patchesPerSlice: 1 });
    expect((await plan({ side: 512 }, { resizing: 'crop' })).reasons.patchesPerSlice).toBeUndefined();
  });

  it('fit the memory, as does the batch', async () => {
    const rich = await plan({ side: 256 });
    expect([rich.size, rich.batch]).toEqual([[256, 256], 8]);
    const poor = await plan({ side: 256 }, {}, { memory: 3 });
    expect(poor.batch).toBeLessThan(8);
    expect(poor.batch).toBeGreaterThanOrEqual(2);
    const poorest = await plan({ side: 256 }, {}, { memory: 0.7 });
    expect(poorest.size[0]).toBeLessThan(256);
    expect(poorest.reasons.size).toMatch(/0\.7 GiB/);
    // A mask path is a second pass: at most half as many slices fit.
    const twice = await plan({ side: 256 }, { variant: 'twi-unet' }, { memory: 3 });
    expect(twice.batch).toBe(2);
  });

  it('follow what is given', async () => {
    expect((await plan({}, { omega: [1, 1, 2] })).filters).toEqual([16, 32, 64]);
    expect((await plan({ side: 100 }, { filters: [8, 16, 32] })).size).toEqual([100, 100]);
    // 100 can be halved twice.
    expect((await plan({}, { size: 100 })).filters).toEqual([16, 32, 64]);
  });
});

it('lower levels are supervised where there are any', async () => {
  expect(await plan({})).toMatchObject({ deepSupervision: recipe.deepSupervision });
  expect((await plan({}, { filters: [8, 16] })).reasons.deepSupervision).toBeUndefined();
});

it('neighbouring slices are shown of objects that go through them, by distance where gaps differ', async () => {
  for (const [span, context] of [
    [2, 0],
    [3, 1],
    [5, 1],
    [6, 2],
  ] as const) {
    expect(await plan({ span, classes: 2 })).toMatchObject({ context });
  }
  const between = { smallest: 3, tenth: 3, median: 5, largest: 6 };
  expect((await plan({ span: 3, between })).contextSpacing).toBe(5);
  expect((await plan({ span: 3 })).contextSpacing).toBeUndefined();
  expect((await plan({ span: 1, between })).contextSpacing).toBeUndefined();
});

it('classes exclude each other in a softmax, unless they overlap or are alone', async () => {
  expect((await plan({ classes: 3 })).outputActivation).toBe('softmax');
  expect((await plan({ classes: 3, overlapping: true })).outputActivation).toBe('sigmoid');
  expect((await plan({})).outputActivation).toBe('sigmoid');
});

it('weights are averaged over the last steps', async () => {
  // 10 epochs of 6 steps: the last 3, of which an average with decay 2/3 is made.
  expect((await plan({}, { epochs: 10 })).averageWeights).toBeCloseTo(2 / 3, 3);
  expect((await plan({}, { epochs: 1000 })).averageWeights).toBeCloseTo(1 - 1 / 300, 4);
  expect((await plan({}, { epochs: 10_000 })).averageWeights).toBe(recipe.mostAveraged);
  expect((await plan({}, { epochs: 1 })).reasons.averageWeights).toBeUndefined();
});

it('a learning rate that was asked to fall in steps does', async () => {
  expect((await plan({})).schedule).toBe('polynomial');
  expect(await plan({}, { decayEvery: 5 })).toMatchObject({ schedule: 'step', decayEvery: 5, learningRateDecay: 0.9 });
});

it('validation decides by as many cases as there are', async () => {
  const few = await plan({}, {}, { parts: { train: 15, validation: recipe.fewestToChoose - 1 } });
  expect([few.postProcessing, few.scoreSmoothing]).toEqual(['none', recipe.scoreSmoothing]);
  expect((await plan({})).postProcessing).toBe('validation');
  const none = await plan({}, {}, { parts: { train: 15, validation: 0 } });
  expect([none.postProcessing, none.scoreSmoothing]).toEqual(['none', 0]);
});

it('intensities are windowed in CT, by the foreground', async () => {
  expect(await plan({ modality: 'ct' })).toMatchObject({ intensity: 'window', window: [40, 400] });
  expect((await plan({ modality: 'mr' })).intensity).toBe('percentiles');
  expect((await plan({ modality: 'ct' }, { window: [0, 80] })).window).toEqual([0, 80]);
});

it('there are as many empty slices as with foreground, if there are so many', async () => {
  expect((await plan({})).backgroundSlices).toBe(1);
});

// The numbers that are not in the public descriptions of the data sets are the sizes of objects, which need not be exact.
describe.each<[PresetName, Look]>([
  ['heart', { side: 320, spacing: all(1.25), between: all(1.37), diameter: all(45), span: 60 }],
  [
    'spleen',
    {
      ...{ modality: 'ct', side: 512, diameter: all(90), span: 18 },
      spacing: { smallest: 0.61, tenth: 0.66, median: 0.79, largest: 0.98 },
      between: { smallest: 1.5, tenth: 5, median: 5, largest: 8 },
    },
  ],
  ['brats2019', { side: 240, between: all(1), diameter: all(30), span: 30, classes: 3, overlapping: true }],
])('the preset %s', (preset, look) => {
  it('is the plan of its data, but for what depends on how many cases there are', async () => {
    const { reasons, ...found } = await plan(look);
    const ofCases: OptionName[] = ['epochs', 'warmUpEpochs', 'averageWeights', 'backgroundSlices', 'postProcessing'];
    const chosen = (Object.keys(reasons) as OptionName[]).filter((name) => !ofCases.includes(name));
    const settings = runConfiguration.parse({ data: 'folder', preset });
    expect(chosen).toEqual(expect.arrayContaining(['size', 'intensity', 'context', 'filters', 'schedule']));
    expect(pickOptions(settings, chosen)).toEqual(pickOptions(found, chosen));
  });
});

it('takes Dice over each whole slice where foreground is rare, else over the batch', async () => {
  expect((await plan({ share: 0.001 })).diceOver).toBe('sample');
  expect((await plan({ share: 0.0011 })).diceOver).toBe('batch');
  expect(await plan({ share: 0.001, side: 512, diameter: all(10) })).toMatchObject({
    resizing: 'patch',
    diceOver: 'batch',
  });
});

describe('augmentation', () => {
  it('is stronger for few patients', async () => {
    expect((await plan({ patients: 17 })).augmentation).toBe('light');
    expect((await plan({ patients: 16 })).augmentation).toBe('nnunet');
  });
});

describe('what does not depend on the data', () => {
  it('is the precision and the limit of gradients', async () => {
    expect(await plan({})).toMatchObject({ precision: 'auto', clipNorm: 1 });
    expect(plannedPrecision({ data: 'folder' })).toBe('auto');
    expect(plannedPrecision({ data: 'folder', preset: 'spleen' })).toBe('auto');
    expect(plannedPrecision({ data: 'folder', precision: 'float32' })).toBe('float32');
  });
});

describe('epochs', () => {
  it('make the usual number of steps', async () => {
    // 30 slices and 30 empty ones, three quarters of them for training: 45 in batches of 8.
    expect((await plan({})).epochs).toBe(Math.ceil(recipe.steps / 6));
  });

  it('or take the minutes that there are', async () => {
    // 6 steps of 2 s and the 25 slices of validation in 4 batches of 0.5 s.
    const { epochs, reasons } = await plan({}, {}, { minutes: 10 });
    // Of patches with a quarter of the pixels there are 23 steps, and nine tiles a slice in 29 batches.
    const ofPatches = await plan({ side: 512, diameter: all(10) }, {}, { minutes: 10 });
    expect(ofPatches.epochs).toBe(Math.floor((10 * 60 * recipe.timeShare) / (23 * 2 + 29 * 0.5)));
    expect(epochs).toBe(Math.floor((10 * 60 * recipe.timeShare) / 14));
    expect(reasons.epochs).toBe('10 minutes at 14 s per epoch: 6 steps of 2 s and the validation');
  });
});
