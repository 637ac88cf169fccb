import { DataError } from '../errors.ts';

/**
 * How strongly slices are changed before a network is trained on them. Every number is 0 where that change is not made;
 * what is drawn lies evenly between the limits, anew for each slice in each epoch.
 */
export interface Augmentation {
  /** How probable it is that left and right are exchanged (the order of columns), from 0 to 1. */
  readonly flipHorizontal: number;
  /** How probable it is that the order of rows is reversed, from 0 to 1. */
  readonly flipVertical: number;
  /** Degrees, the largest turn either way, from 0 to 180. */
  readonly rotation: number;
  /** The largest enlargement, less 1, from 0 to 1: 0.25 is anything from 1 / 1.25 to 1.25 times the size. */
  readonly scaling: number;
  /**
   * The largest elastic displacement along each axis, as a fraction of that axis, from 0 to 0.05: beyond that the slice
   * could fold over itself.
   */
  readonly elastic: number;
  /** The largest exponent of intensities, less 1, from 0 to 4: 0.5 is anything from 1 / 1.5 to 1.5. */
  readonly gamma: number;
  /** The largest change of a channel's factor, from 0 to 0.9: 0.1 is anything from 0.9 to 1.1. */
  readonly brightness: number;
  /** The largest standard deviation of noise, as a fraction of the range of intensities, from 0 to 1. */
  readonly noise: number;
  /** The largest standard deviation of a Gaussian blur, in pixels, from 0 to 10. */
  readonly blur: number;
  /** How probable each of the changes is, flips apart, from 0 to 1. */
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
 * Strengths that belong together. `light` keeps what an image of another patient could show on the same scanner, `full`
 * also changes shapes and contrast as another protocol would. No preset turns a slice upside down.
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
 * A preset, with single strengths replaced; those that are undefined are the preset's.
 *
 * @throws DataError naming the strength that is out of range
 */
export function completeAugmentation(
  name: AugmentationName,
  strengths: { readonly [Name in keyof Augmentation]?: number | undefined } = {},
): Augmentation {
  const preset = augmentationPresets[name];
  if (!preset) {
    throw new DataError(`The option augmentation is ${name}, expected one of ${augmentationNames.join(', ')}.`);
  }
  const names = Object.keys(augmentationLimits) as (keyof Augmentation)[];
  const entries = names.map((field) => {
    const value = strengths[field] ?? preset[field];
    if (!(value >= 0 && value <= augmentationLimits[field])) {
      throw new DataError(
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
