import { normalizations, upSamplings, type Normalization, type UpSampling } from '@interseg/core-layers';
import { OptionError } from '@interseg/errors';
import { maskInputs, type MaskInput } from '../mask-input/mask-input.ts';
import { checkInitialProbability } from './initial-probability.ts';
import { outputActivations, type OutputActivation } from './output-activation.ts';
import { findVariant } from '../variants/registry.ts';
import type { Variant } from '../variants/variant.ts';

/** Options of `createNetwork`. */
export interface NetworkOptions {
  /** A variant, or the name of one: see `variants()`. */
  variant: string | Variant;
  /** Height, width and channels of the image. Height and width are divisible by 2 to the power of the poolings: 16. */
  inputShape: readonly [height: number, width: number, channels: number];
  /** Foreground classes K. They may overlap, except with `outputActivation: 'softmax'`. */
  classes: number;
  /**
   * How logits become probabilities: `'sigmoid'` for each class by itself, or `'softmax'` over an own background and the
   * classes, for classes that exclude each other. Defaults to `'sigmoid'`.
   */
  outputActivation?: OutputActivation;
  /**
   * The probability of each class, everywhere, that training starts from; above 0 and below 1. With a softmax it is that of
   * each class beside the background alone. 0.01 suits classes of less than a thousandth of the voxels, see docs/method.md.
   * Defaults to 0.5, which is a bias of 0.
   */
  initialProbability?: number;
  /** Channels per level, the finest first. Defaults to 16, 32, 64, 128, 256. */
  filters?: readonly number[];
  /** Defaults to `'instance'`: without a normalisation the matched features collapse, see docs/method.md. */
  normalization?: Normalization;
  /** Number of groups, for `normalization: 'group'`. Defaults to 8. */
  groups?: number;
  /** Defaults to `'transpose'`. */
  upSampling?: UpSampling;
  /** How the mask enters the image's encoder, in variants where it does. Defaults to `'tile'`. */
  maskInput?: MaskInput;
  /**
   * Whether L_image is also computed at the lower resolutions of the expanding path, all but the bottleneck: see
   * `deepSupervisionLoss` of `@interseg/losses`. A 1×1 convolution per level, which is not deployed. Needs at least three
   * levels of `filters`. Defaults to `false`.
   */
  deepSupervision?: boolean;
  /** The initial weights follow from it and from the layers' names alone. Defaults to 1. */
  seed?: number;
}

/** The options with every default filled in. */
export interface ResolvedNetworkOptions extends Required<Omit<NetworkOptions, 'variant' | 'groups'>> {
  variant: Variant;
  groups?: number;
}

/** Fills in the defaults. @throws OptionError naming the option, what was found and what was expected */
export function resolveNetworkOptions(options: NetworkOptions): ResolvedNetworkOptions {
  const resolved: ResolvedNetworkOptions = {
    ...options,
    variant: typeof options.variant === 'string' ? findVariant(options.variant) : options.variant,
    filters: options.filters ?? [16, 32, 64, 128, 256],
    normalization: options.normalization ?? 'instance',
    upSampling: options.upSampling ?? 'transpose',
    maskInput: options.maskInput ?? 'tile',
    deepSupervision: options.deepSupervision ?? false,
    outputActivation: options.outputActivation ?? 'sigmoid',
    initialProbability: options.initialProbability ?? 0.5,
    seed: options.seed ?? 1,
  };
  const { filters, inputShape, classes } = resolved;
  if (filters.length < 2 || !filters.every(isCount)) {
    throw new OptionError(`filters are [${filters.join(', ')}], expected at least two whole numbers of at least 1.`);
  }
  if (!isCount(inputShape[2])) {
    throw new OptionError(`inputShape: found ${inputShape[2]} channels, expected a whole number of at least 1.`);
  }
  if (!isCount(classes)) throw new OptionError(`classes is ${classes}, expected a whole number of at least 1.`);
  const expectedSize = describeExpectedSize(inputShape, resolved);
  if (expectedSize) {
    throw new OptionError(`inputShape: found ${inputShape[0]}×${inputShape[1]}, expected ${expectedSize}.`);
  }
  checkChoice('normalization', resolved.normalization, normalizations);
  checkChoice('upSampling', resolved.upSampling, upSamplings);
  checkChoice('maskInput', resolved.maskInput, maskInputs);
  checkChoice('outputActivation', resolved.outputActivation, outputActivations);
  checkInitialProbability(resolved.initialProbability);
  if (resolved.deepSupervision && filters.length < 3) {
    throw new OptionError(
      `deepSupervision: found ${filters.length} levels of filters, expected at least 3, as it takes the levels between the bottleneck and the finest.`,
    );
  }
  return resolved;
}

/**
 * Checks that an image's height and width suit the poolings of a network.
 *
 * @returns what was expected, in words, where they do not; otherwise `undefined`
 */
export function describeExpectedSize(
  [height, width]: readonly [height: number, width: number, ...others: number[]],
  { filters, normalization }: Pick<ResolvedNetworkOptions, 'filters' | 'normalization'>,
): string | undefined {
  const multiple = 2 ** (filters.length - 1);
  if (![height, width].every((extent) => isCount(extent) && extent % multiple === 0)) {
    return `a height and width divisible by ${multiple} with ${filters.length} levels of filters`;
  }
  // Normalised over its only position, every feature at the bottleneck would be 0.
  if (normalization === 'instance' && height === multiple && width === multiple) {
    return `more than ${multiple}×${multiple}, which leaves one position at the bottleneck for instance normalisation`;
  }
  return undefined;
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

function checkChoice(option: string, value: string, choices: readonly string[]): void {
  if (!choices.includes(value)) {
    throw new OptionError(`${option} is '${value}', expected one of ${choices.join(', ')}.`);
  }
}
