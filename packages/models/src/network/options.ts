import { normalizations, upSamplings, type Normalization, type UpSampling } from '@interseg/core-layers';
import { maskInputs, type MaskInput } from '../mask-input/mask-input.ts';
import { findVariant } from '../variants/registry.ts';
import type { Variant } from '../variants/variant.ts';

/** What a network is made from. */
export interface NetworkOptions {
  /** A variant or the name of one: see `variants()`. */
  variant: string | Variant;
  /** Height, width and channels of the image; height and width divisible by 2 to the power of the poolings (16). */
  inputShape: readonly [height: number, width: number, channels: number];
  /** Foreground classes K, each with its own sigmoid, so that classes may overlap. */
  classes: number;
  /** Channels per level, the finest first; 16, 32, 64, 128, 256 unless told. */
  filters?: readonly number[];
  /** `'instance'` unless told: without any, the matched features die out; see docs/method. */
  normalization?: Normalization;
  /** Groups for `normalization: 'group'`; 8 unless told. */
  groups?: number;
  /** `'transpose'` unless told. */
  upSampling?: UpSampling;
  /** `'tile'` unless told; of use where the mask goes through the image's encoder only. */
  maskInput?: MaskInput;
  /** Initial weights follow from it and from the layers' names alone; 1 unless told. */
  seed?: number;
}

/** The options with every default filled in. */
export interface ResolvedNetworkOptions extends Required<Omit<NetworkOptions, 'variant' | 'groups'>> {
  variant: Variant;
  groups?: number;
}

/** Fills in the defaults. @throws RangeError naming the option, what was found and what was expected */
export function resolveNetworkOptions(options: NetworkOptions): ResolvedNetworkOptions {
  const resolved: ResolvedNetworkOptions = {
    ...options,
    variant: typeof options.variant === 'string' ? findVariant(options.variant) : options.variant,
    filters: options.filters ?? [16, 32, 64, 128, 256],
    normalization: options.normalization ?? 'instance',
    upSampling: options.upSampling ?? 'transpose',
    maskInput: options.maskInput ?? 'tile',
    seed: options.seed ?? 1,
  };
  const { filters, inputShape, classes } = resolved;
  if (filters.length < 2 || !filters.every(isCount)) {
    throw new RangeError(`filters are ${filters.join(', ')}; at least two whole numbers of at least 1 are expected.`);
  }
  if (!isCount(inputShape[2])) throw new RangeError(`The image has ${inputShape[2]} channels; at least 1 is expected.`);
  if (!isCount(classes)) throw new RangeError(`classes is ${classes}; a whole number of at least 1 is expected.`);
  const multiple = 2 ** (filters.length - 1);
  for (const extent of inputShape.slice(0, 2)) {
    if (!isCount(extent) || extent % multiple !== 0) {
      throw new RangeError(
        `The size ${inputShape[0]}×${inputShape[1]} is not divisible by ${multiple}, which ${filters.length} levels need.`,
      );
    }
  }
  if (resolved.normalization === 'instance' && inputShape[0] * inputShape[1] === multiple ** 2) {
    throw new RangeError(
      `The size ${inputShape[0]}×${inputShape[1]} leaves one position at the bottleneck, which instance normalisation turns into 0.`,
    );
  }
  checkChoice('normalization', resolved.normalization, normalizations);
  checkChoice('upSampling', resolved.upSampling, upSamplings);
  checkChoice('maskInput', resolved.maskInput, maskInputs);
  return resolved;
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

function checkChoice(option: string, value: string, choices: readonly string[]): void {
  if (!choices.includes(value)) {
    throw new RangeError(`${option} is '${value}'; one of ${choices.join(', ')} is expected.`);
  }
}
