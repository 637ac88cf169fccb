import type { SliceSettings, DataSet } from '@interseg/data';
import type { NetworkOptions } from '@interseg/models';
import type { LossOptions } from '../loop/loss-options.ts';
import type { RunConfiguration } from './run-configuration.ts';

/** The part of a configuration that describes how volumes become slices. */
export function sliceSettings(configuration: RunConfiguration, modality: DataSet['modality']): SliceSettings {
  const { size, plane, intensity, window } = configuration;
  const kind = intensity === 'auto' ? (modality === 'ct' ? 'window' : 'percentiles') : intensity;
  const normalization =
    kind === 'window' && window
      ? { kind, level: window[0], width: window[1] }
      : ({ kind } as SliceSettings['normalization']);
  return { size, plane, normalization };
}

/** The part that describes the network, for a data set's channels and classes. */
export function networkOptions(configuration: RunConfiguration, dataset: DataSet): NetworkOptions {
  const { variant, filters, normalization, groups, upSampling, maskInput, seed, size } = configuration;
  const inputShape = [size[0], size[1], dataset.channels.length] as const;
  return {
    variant,
    filters,
    normalization,
    groups,
    upSampling,
    maskInput,
    seed,
    inputShape,
    classes: dataset.classes.length,
  };
}

/** The part that describes the loss; what is undefined has the default of `@interseg/losses`. */
export function lossOptions(configuration: RunConfiguration): LossOptions {
  const { alpha, gamma, lambda, beta, omega, targetGradient, levelWeighting, bceWeight, smooth } = configuration;
  return { alpha, gamma, lambda, beta, omega, targetGradient, levelWeighting, bceWeight, smooth };
}
