import { OptionError } from '@interseg/errors';

/**
 * How strongly training slices are changed at random. A strength of 0 turns that change off; otherwise it is drawn
 * uniformly between its limits, anew for each slice in each epoch.
 */
export interface Augmentation {
  /** The probability that left and right (the order of columns) are swapped, from 0 to 1. */
  readonly flipHorizontal: number;
  /** The probability that the order of rows is reversed, from 0 to 1. */
  readonly flipVertical: number;
  /** The largest rotation either way, in degrees, from 0 to 180. */
  readonly rotation: number;
  /** The largest enlargement minus 1, from 0 to 1: with 0.25 the size is multiplied by 1 / 1.25 to 1.25. */
  readonly scaling: number;
  /**
   * The largest elastic displacement along each axis, as a fraction of that axis, from 0 to 0.05; beyond that the slice
   * could fold over itself.
   */
  readonly elastic: number;
  /** The largest exponent of intensities minus 1, from 0 to 4: with 0.5 the exponent is from 1 / 1.5 to 1.5. */
  readonly gamma: number;
  /** The largest change of a channel's factor, from 0 to 0.9: with 0.1 the factor is from 0.9 to 1.1. */
  readonly brightness: number;
  /** The largest standard deviation of the noise, as a fraction of the intensity range, from 0 to 1. */
  readonly noise: number;
  /** The largest standard deviation of a Gaussian blur, in pixels, from 0 to 10. */
  readonly blur: number;
  /** The probability of each change except flips, from 0 to 1. */
  readonly probability: number;
}

/** The names of the presets. */
export const augmentationNames = ['none', 'light', 'full'] as const;
/** One of {@link augmentationNames}. */
export type AugmentationName = (typeof augmentationNames)[number];

const none: Augmentation = {
  flipHorizontal: 0,
  flipVertical: 0,
  rotation: 0,
  scaling: 0,
  elastic: 0,
  gamma: 0,
  brightness: 0,
  noise: 0,
  blur: 0,
  probability: 0.5,
};

/**
 * Sets of strengths. `light` stays within what another patient could look like on the same scanner; `full` also changes
 * shapes and contrast as another protocol would. No preset flips a slice upside down.
 */
export const augmentationPresets: Readonly<Record<AugmentationName, Augmentation>> = {
  none,
  light: { ...none, flipHorizontal: 0.5, rotation: 10, scaling: 0.1, brightness: 0.1 },
  full: {
    flipHorizontal: 0.5,
    flipVertical: 0,
    rotation: 20,
    scaling: 0.25,
    elastic: 0.03,
    gamma: 0.5,
    brightness: 0.25,
    noise: 0.05,
    blur: 1,
    probability: 0.5,
  },
};

/** The largest value of each strength. */
export const augmentationLimits: Augmentation = {
  flipHorizontal: 1,
  flipVertical: 1,
  rotation: 180,
  scaling: 1,
  elastic: 0.05,
  gamma: 4,
  brightness: 0.9,
  noise: 1,
  blur: 10,
  probability: 1,
};

/**
 * A preset with single strengths overridden; undefined ones keep the preset's value.
 *
 * @throws OptionError naming the strength that is out of range
 */
export function completeAugmentation(
  name: AugmentationName,
  strengths: { readonly [Name in keyof Augmentation]?: number | undefined } = {},
): Augmentation {
  const preset = augmentationPresets[name];
  if (!preset) {
    throw new OptionError(`The option augmentation is ${name}, expected one of ${augmentationNames.join(', ')}.`);
  }
  const names = Object.keys(augmentationLimits) as (keyof Augmentation)[];
  const entries = names.map((field) => {
    const value = strengths[field] ?? preset[field];
    if (!(value >= 0 && value <= augmentationLimits[field])) {
      throw new OptionError(
        `The strength ${field} of augmentation is ${value}, expected a number from 0 to ${augmentationLimits[field]}.`,
      );
    }
    return [field, value];
  });
  return Object.fromEntries(entries) as unknown as Augmentation;
}

/** Whether slices stay as they are. */
export function isWithoutEffect(augmentation: Augmentation): boolean {
  const { flipHorizontal, flipVertical, probability, ...strengths } = augmentation;
  const isChanged = Object.values(strengths).some((strength) => strength > 0);
  return flipHorizontal === 0 && flipVertical === 0 && (probability === 0 || !isChanged);
}
