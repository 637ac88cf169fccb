import { augmentationPresets, type DataSet } from '@interseg/data';
import { OptionError } from '@interseg/errors';
import { describe, expect, it } from 'vitest';
import { augmentationSettings, lossOptions, networkOptions, sliceSettings } from './derive.ts';
import { presets } from './presets.ts';
import { runConfiguration } from './run-configuration.ts';

describe('the configuration of a run', () => {
  it("has the paper's training as its default, from a higher learning rate", () => {
    const configuration = runConfiguration.parse({ data: 'folder' });
    expect(configuration).toMatchObject({
      learningRate: 2e-3,
      learningRateDecay: 0.9,
      decayEvery: 3,
      fractions: [0.7, 0.1, 0.2],
      filters: [16, 32, 64, 128, 256],
      size: [96, 96],
    });
    expect(runConfiguration.parse(configuration)).toEqual(configuration);
  });

  it('takes one size for both directions or two', () => {
    expect(runConfiguration.parse({ data: 'folder', size: 64 }).size).toEqual([64, 64]);
    expect(runConfiguration.parse({ data: 'folder', size: [64, 96] }).size).toEqual([64, 96]);
  });

  it('refuses a softmax for classes that overlap', () => {
    const dataset = {
      channels: ['T1'],
      classes: [
        ['whole', 1, 2],
        ['core', 3, 2],
      ],
    } as const;
    const classes = dataset.classes.map(([name, ...values]) => ({ name, values }));
    const of = (outputActivation: 'sigmoid' | 'softmax', count: number) => () =>
      networkOptions(runConfiguration.parse({ data: 'folder', outputActivation }), {
        ...dataset,
        classes: classes.slice(0, count),
      } as unknown as DataSet);
    expect(of('softmax', 2)).toThrow(OptionError);
    expect(of('softmax', 2)).toThrow(
      "outputActivation is 'softmax', but the classes whole and core share the label value 2; expected classes that",
    );
    expect(of('sigmoid', 2)()).toMatchObject({ outputActivation: 'sigmoid', classes: 2 });
    expect(of('softmax', 1)()).toMatchObject({ outputActivation: 'softmax', classes: 1 });
  });

  it.each([{ epochs: 0 }, { learningRate: -1 }, { alpha: -0.1 }, { filters: [8] }, { color: 'red' }])(
    'refuses %o',
    (bad) => {
      expect(runConfiguration.safeParse({ data: 'folder', ...bad }).success).toBe(false);
    },
  );

  it('has presets that are valid, with slices that five levels can halve', () => {
    for (const preset of Object.values(presets)) {
      const size = (preset.size ?? 96) as number;
      expect(runConfiguration.parse({ data: 'folder', ...preset })).toMatchObject({ ...preset, size: [size, size] });
      expect(size % 16).toBe(0);
    }
  });

  it('has a window of soft tissue for the spleen, and percentiles for MR', () => {
    const of = (name: keyof typeof presets, modality: 'ct' | 'mr') =>
      sliceSettings(runConfiguration.parse({ data: 'folder', ...presets[name] }), modality).normalization;
    expect(of('spleen', 'ct')).toEqual({ kind: 'window', level: 40, width: 400 });
    expect(of('heart', 'mr')).toEqual({ kind: 'percentiles' });
    expect(of('brats2019', 'mr')).toEqual({ kind: 'percentiles' });
  });

  it('leaves training slices as they are by default, and replaces single strengths of a preset', () => {
    const of = (changes: object) => augmentationSettings(runConfiguration.parse({ data: 'folder', ...changes }));
    expect(of({})).toEqual(augmentationPresets.none);
    expect(of({ augmentation: 'light', augmentRotation: 5, augmentGamma: 0.3 })).toEqual({
      ...augmentationPresets.light,
      rotation: 5,
      gamma: 0.3,
    });
    expect(of({ augmentation: 'nnunet', augmentLowResolution: 0.3 })).toEqual({
      ...augmentationPresets.nnunet,
      lowResolution: 0.3,
    });
    expect(of({ augmentation: 'nnunet', size: [96, 160] }).rotation).toBe(15);
    expect(runConfiguration.safeParse({ data: 'folder', augmentElastic: 0.06 }).success).toBe(false);
  });

  it('derives slices by modality and leaves the defaults of the loss to the losses', () => {
    const configuration = runConfiguration.parse({ data: 'folder', intensity: 'auto' });
    expect(sliceSettings(configuration, 'mr').normalization).toEqual({ kind: 'percentiles' });
    expect(sliceSettings(configuration, 'ct').normalization).toEqual({ kind: 'window' });
    const bone = runConfiguration.parse({ data: 'folder', intensity: 'window', window: [300, 1500] });
    expect(sliceSettings(bone, 'mr').normalization).toEqual({ kind: 'window', level: 300, width: 1500 });
    expect(Object.values(lossOptions(configuration)).every((value) => value === undefined)).toBe(true);
  });
});
