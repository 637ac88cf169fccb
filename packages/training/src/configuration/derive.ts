import { inputChannels } from '@interseg/data';
import type { Augmentation, DataSet, OpenSlicesOptions, SliceSettings, SplitOptions } from '@interseg/data';
import { OptionError } from '@interseg/errors';
import type { ModelDescription } from '@interseg/inference';
import type { NetworkOptions } from '@interseg/models';
import type { FitOptions } from '../loop/fit-options.ts';
import type { LossOptions } from '../loop/train-step.ts';
import type { PretrainOptions } from '../loop/pretrain.ts';
import { optimizerDefaults } from '../optimizer/create-optimizer.ts';
import { optionsWhere, pickOptions } from './option.ts';
import { runOptionsSchema, type RunConfiguration } from './run-configuration.ts';
import { derive } from './section.ts';
import { augmentationSection } from './sections/augmentation.ts';
import { computeSection } from './sections/compute.ts';
import { dataSection } from './sections/data.ts';
import { fitSection } from './sections/fit.ts';
import { lossSection } from './sections/loss.ts';
import { networkSection } from './sections/network.ts';
import { samplingSection } from './sections/sampling.ts';
import { slicesSection } from './sections/slices.ts';
import { unlabelledSection } from './sections/unlabelled.ts';

/** The options of a run that say how training slices are changed. */
export type AugmentationOptions = Pick<RunConfiguration, keyof typeof augmentationSection.schema.shape>;

/** How cases are split. */
export function splitOptions(configuration: RunConfiguration): SplitOptions {
  return derive(dataSection, configuration, configuration.seed);
}

/** How volumes become slices. */
export function sliceSettings(configuration: RunConfiguration, modality: DataSet['modality']): SliceSettings {
  return derive(slicesSection, configuration, modality);
}

/**
 * How training slices are changed; with the size of slices, `nnunet` turns elongated ones less.
 *
 * @throws OptionError when a strength is out of range
 */
export function augmentationSettings(
  configuration: AugmentationOptions & Partial<Pick<RunConfiguration, 'size'>>,
): Augmentation {
  return derive(augmentationSection, configuration, configuration.size);
}

/** Which slices are shown, how they are changed, and with what they are prepared. */
export function openSlicesOptions(configuration: RunConfiguration): OpenSlicesOptions {
  return {
    ...derive(samplingSection, configuration),
    ...derive(computeSection, configuration),
    augmentation: augmentationSettings(configuration),
    seed: configuration.seed,
  };
}

/**
 * The network, for a data set's channels and classes.
 *
 * @throws OptionError when a softmax is wanted for classes that overlap
 */
export function networkOptions(configuration: RunConfiguration, { channels, classes }: DataSet): NetworkOptions {
  const { seed, size } = configuration;
  if (configuration.outputActivation === 'softmax') checkExclusive(classes);
  const inputShape = [size[0], size[1], inputChannels(configuration, channels.length)] as const;
  return derive(networkSection, configuration, { inputShape, classes: classes.length, seed });
}

function checkExclusive(classes: DataSet['classes']): void {
  for (const [index, one] of classes.entries()) {
    const value = one.values.find((own) => classes.slice(index + 1).some(({ values }) => values.includes(own)));
    if (value === undefined) continue;
    const other = classes.slice(index + 1).find(({ values }) => values.includes(value))!;
    throw new OptionError(
      `outputActivation is 'softmax', but the classes ${one.name} and ${other.name} share the label value ${value}; expected classes that exclude each other, or 'sigmoid'.`,
    );
  }
}

/** The loss; what is undefined has the default of `@interseg/losses`. */
export function lossOptions(configuration: RunConfiguration): LossOptions {
  return derive(lossSection, configuration);
}

/** How the network is trained. */
export function fitOptions(configuration: RunConfiguration): FitOptions {
  const unlabelled = derive(unlabelledSection, configuration);
  return { ...derive(fitSection, configuration), loss: lossOptions(configuration), unlabelled };
}

/** How the mask path or the reconstruction is trained before it. */
export function pretrainOptions(configuration: RunConfiguration): PretrainOptions {
  const { pretrainEpochs: epochs, batch: batchSize, seed } = configuration;
  const { learningRate = optimizerDefaults[configuration.optimizer].learningRate } = configuration;
  return { epochs, batchSize, learningRate, seed, loss: lossOptions(configuration) };
}

/** What the model of a run must tell to those who predict with it. */
export function modelDescription(
  configuration: RunConfiguration,
  { channels, modality, classes }: DataSet,
): ModelDescription {
  const { variant, plugins, outputActivation } = configuration;
  return {
    variant,
    ...(plugins.length > 0 && { plugins }),
    channels,
    modality,
    classes,
    ...(outputActivation !== 'sigmoid' && { outputActivation }),
    slices: sliceSettings(configuration, modality),
  };
}

/** What may differ from one part of a run to the next, as it changes no result. */
export function storageOptions(configuration: RunConfiguration): Partial<RunConfiguration> {
  const names = optionsWhere(runOptionsSchema, ({ changesResult }) => !changesResult);
  return pickOptions(configuration, names);
}
