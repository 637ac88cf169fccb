import { completeAugmentation, type Augmentation, type DataSet, type SliceSettings } from '@interseg/data';
import { findLoss, type NetworkOptions } from '@interseg/models';
import type { FitOptions } from '../loop/fit-options.ts';
import type { LossOptions } from '../loop/train-step.ts';
import type { ModelDescription } from '@interseg/inference';
import type { RunConfiguration } from './run-configuration.ts';

/** The options of a run that say how training slices are changed. */
export type AugmentationOptions = Pick<RunConfiguration, Extract<keyof RunConfiguration, `augment${string}`>>;

/** The part of a configuration that describes how volumes become slices. */
export function sliceSettings(configuration: RunConfiguration, modality: DataSet['modality']): SliceSettings {
  const { size, plane, spacing, resizing, intensity, window } = configuration;
  const kind = intensity === 'auto' ? (modality === 'ct' ? 'window' : 'percentiles') : intensity;
  const normalization =
    kind === 'window' && window
      ? { kind, level: window[0], width: window[1] }
      : ({ kind } as SliceSettings['normalization']);
  // Left out rather than undefined: a model's description is JSON.
  return { size, plane, normalization, resizing, ...(spacing !== undefined && { spacing }) };
}

/** The part that describes how training slices are changed. @throws OptionError when a strength is out of range */
export function augmentationOf(configuration: AugmentationOptions): Augmentation {
  return completeAugmentation(configuration.augmentation, {
    flipHorizontal: configuration.augmentFlipHorizontal,
    flipVertical: configuration.augmentFlipVertical,
    rotation: configuration.augmentRotation,
    scaling: configuration.augmentScaling,
    elastic: configuration.augmentElastic,
    gamma: configuration.augmentGamma,
    brightness: configuration.augmentBrightness,
    noise: configuration.augmentNoise,
    blur: configuration.augmentBlur,
    probability: configuration.augmentProbability,
  });
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

/** What the model of a run must tell to those who predict with it. */
export function modelDescription(
  configuration: RunConfiguration,
  { channels, modality, classes }: DataSet,
): ModelDescription {
  const { variant, plugins } = configuration;
  const slices = sliceSettings(configuration, modality);
  return { variant, ...(plugins.length > 0 && { plugins }), channels, modality, classes, slices };
}

/** The part that describes the loss; what is undefined has the default of `@interseg/losses`. */
export function lossOptions(configuration: RunConfiguration): LossOptions {
  const { alpha, gamma, lambda, beta, omega, targetGradient, levelWeighting } = configuration;
  const { bceWeight, smooth, diceOver } = configuration;
  const segmentationLoss = configuration.loss === 'bce-dice' ? undefined : findLoss(configuration.loss).compute;
  const intermediate = { omega, targetGradient, levelWeighting };
  return { alpha, gamma, lambda, beta, ...intermediate, bceWeight, smooth, diceOver, segmentationLoss };
}

/** The part that describes training: its length, its learning rate, its loss and its guards. */
export function fitOptions(configuration: RunConfiguration): FitOptions {
  const { epochs, batch, patience, learningRate, learningRateDecay, decayEvery } = configuration;
  const { lambdaWarmUp, seed, clipNorm, onNan } = configuration;
  const schedule = { learningRate, learningRateDecay, decayEvery };
  const loss = lossOptions(configuration);
  return { epochs, batchSize: batch, patience, ...schedule, lambdaWarmUp, seed, loss, clipNorm, onNan };
}
