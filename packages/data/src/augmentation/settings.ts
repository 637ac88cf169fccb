import { OptionError } from '@interseg/errors';

/** The random changes that have a probability, in the order in which they are made. */
export const augmentationChanges = [
  'rotation',
  'scaling',
  'elastic',
  'blur',
  'noise',
  'brightness',
  'contrast',
  'lowResolution',
  'invertedGamma',
  'gamma',
] as const;
/** One of {@link augmentationChanges}. */
export type AugmentationChange = (typeof augmentationChanges)[number];

/**
 * How strongly training slices are changed at random. A strength of 0 turns that change off; otherwise it is drawn
 * uniformly between its limits, anew for each slice in each epoch.
 */
export interface AugmentationStrengths {
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
  /** The same for an exponent of the inverted image, which is inverted back: it bends the bright end, from 0 to 4. */
  readonly invertedGamma: number;
  /** The probability that a channel has its mean and standard deviation again after either gamma, from 0 to 1. */
  readonly retainStatistics: number;
  /** The largest change of a channel's factor, from 0 to 0.9: with 0.1 the factor is from 0.9 to 1.1. */
  readonly brightness: number;
  /**
   * The largest change of a channel's contrast, from 0 to 0.9: with 0.25 the differences from the channel's mean are
   * multiplied by 0.75 to 1.25. The range of the channel is kept.
   */
  readonly contrast: number;
  /** The largest standard deviation of the noise, as a fraction of the intensity range, from 0 to 1. */
  readonly noise: number;
  /** The largest standard deviation of a Gaussian blur, in pixels, from 0 to 10. */
  readonly blur: number;
  /** The smallest standard deviation of a Gaussian blur, in pixels, from 0 to 10; at most {@link blur} counts. */
  readonly blurMinimum: number;
  /**
   * The largest loss of resolution, from 0 to 0.9: with 0.5 a channel is reduced to 0.5 to 1 times its size along each
   * axis, and enlarged again.
   */
  readonly lowResolution: number;
  /** The probability of each change except flips, from 0 to 1. */
  readonly probability: number;
}

/** How slices are changed at random: strengths, and how probable each change is. */
export interface Augmentation extends AugmentationStrengths {
  /** Probabilities of single changes, from 0 to 1, instead of {@link AugmentationStrengths.probability}. */
  readonly probabilities?: Readonly<Partial<Record<AugmentationChange, number>>>;
}

/** The names of the presets. */
export const augmentationNames = ['none', 'light', 'full', 'nnunet'] as const;
/** One of {@link augmentationNames}. */
export type AugmentationName = (typeof augmentationNames)[number];

const none: Augmentation = {
  flipHorizontal: 0,
  flipVertical: 0,
  rotation: 0,
  scaling: 0,
  elastic: 0,
  gamma: 0,
  invertedGamma: 0,
  retainStatistics: 0,
  brightness: 0,
  contrast: 0,
  noise: 0,
  blur: 0,
  blurMinimum: 0,
  lowResolution: 0,
  probability: 0.5,
};

/**
 * Sets of strengths. `light` stays within what another patient could look like on the same scanner; `full` also changes
 * shapes and contrast as another protocol would. Neither flips a slice upside down.
 *
 * `nnunet` is the list of nnU-Net v2 (`nnUNetTrainer.get_training_transforms`): many changes, each rare, with flips along
 * both axes and any rotation. It differs from the original in that channels draw independently of each other (each
 * change is as probable for a channel as there), factors and exponents have limits that are symmetrical (scaling 1/1.4 to
 * 1.4 instead of 0.7 to 1.4, exponents 1/1.5 to 1.5 instead of 0.7 to 1.5), blur comes before noise, and noise is a
 * fraction of the range: 0.1 standard deviations of an image are about 0.025 of its range. Bounded images stay bounded.
 */
export const augmentationPresets: Readonly<Record<AugmentationName, Augmentation>> = {
  none,
  light: { ...none, flipHorizontal: 0.5, rotation: 10, scaling: 0.1, brightness: 0.1 },
  full: {
    ...none,
    flipHorizontal: 0.5,
    rotation: 20,
    scaling: 0.25,
    elastic: 0.03,
    gamma: 0.5,
    brightness: 0.25,
    noise: 0.05,
    blur: 1,
  },
  nnunet: {
    ...none,
    flipHorizontal: 0.5,
    flipVertical: 0.5,
    rotation: 180,
    scaling: 0.4,
    gamma: 0.5,
    invertedGamma: 0.5,
    retainStatistics: 1,
    brightness: 0.25,
    contrast: 0.25,
    noise: 0.025,
    blur: 1,
    blurMinimum: 0.5,
    lowResolution: 0.5,
    probability: 0.2,
    probabilities: {
      rotation: 0.2,
      scaling: 0.2,
      // In the original 0.2 and 0.25 for the slice, then 0.5 for each of its channels.
      blur: 0.1,
      lowResolution: 0.125,
      noise: 0.1,
      brightness: 0.15,
      contrast: 0.15,
      invertedGamma: 0.1,
      gamma: 0.3,
    },
  },
};

/** The largest value of each strength. */
export const augmentationLimits: AugmentationStrengths = {
  flipHorizontal: 1,
  flipVertical: 1,
  rotation: 180,
  scaling: 1,
  elastic: 0.05,
  gamma: 4,
  invertedGamma: 4,
  retainStatistics: 1,
  brightness: 0.9,
  contrast: 0.9,
  noise: 1,
  blur: 10,
  blurMinimum: 10,
  lowResolution: 0.9,
  probability: 1,
};

/** What {@link completeAugmentation} may replace. */
export type AugmentationOverrides = {
  readonly [Name in keyof AugmentationStrengths]?: number | undefined;
} & Pick<Augmentation, 'probabilities'>;

/**
 * A preset with single strengths overridden; undefined ones keep the preset's value. A `probability` holds for all
 * changes: it also replaces the preset's probabilities of single changes.
 *
 * @param size height and width of the slices that are changed, if known: as in nnU-Net, `nnunet` turns slices whose
 * longer side is more than 1.5 times the shorter by at most 15°, which would lose their ends otherwise
 * @throws OptionError naming the strength that is out of range
 */
export function completeAugmentation(
  name: AugmentationName,
  strengths: AugmentationOverrides = {},
  size?: readonly [number, number],
): Augmentation {
  if (!augmentationNames.includes(name)) {
    throw new OptionError(`The option augmentation is ${name}, expected one of ${augmentationNames.join(', ')}.`);
  }
  const preset = presetForSize(name, size);
  const names = Object.keys(augmentationLimits) as (keyof AugmentationStrengths)[];
  const entries = names.map((field) => {
    const value = strengths[field] ?? preset[field];
    check(`strength ${field}`, value, augmentationLimits[field]);
    return [field, value];
  });
  const probabilities =
    strengths.probabilities ?? (strengths.probability === undefined ? preset.probabilities : undefined);
  for (const [change, value] of Object.entries(probabilities ?? {})) check(`probability of ${change}`, value, 1);
  const complete = Object.fromEntries(entries) as unknown as AugmentationStrengths;
  return probabilities ? { ...complete, probabilities } : complete;
}

function presetForSize(name: AugmentationName, size: readonly [number, number] | undefined): Augmentation {
  const preset = augmentationPresets[name];
  const isElongated = size !== undefined && Math.max(...size) > 1.5 * Math.min(...size);
  return name === 'nnunet' && isElongated ? { ...preset, rotation: 15 } : preset;
}

function check(what: string, value: number, largest: number): void {
  if (!(value >= 0 && value <= largest)) {
    throw new OptionError(`The ${what} of augmentation is ${value}, expected a number from 0 to ${largest}.`);
  }
}

/** How probable a change is. */
export function probabilityOf({ probability, probabilities }: Augmentation, change: AugmentationChange): number {
  return probabilities?.[change] ?? probability;
}

/** Whether the intensities of slices are changed, and not only their places. */
export function changesIntensities(augmentation: Augmentation): boolean {
  return augmentationChanges.some(
    (change) => !isOfPlaces(change) && augmentation[change] > 0 && probabilityOf(augmentation, change) > 0,
  );
}

const isOfPlaces = (change: AugmentationChange): boolean => ['rotation', 'scaling', 'elastic'].includes(change);

/** Whether slices stay as they are. */
export function isWithoutEffect(augmentation: Augmentation): boolean {
  const { flipHorizontal, flipVertical } = augmentation;
  const isChanged = augmentationChanges.some(
    (change) => augmentation[change] > 0 && probabilityOf(augmentation, change) > 0,
  );
  return flipHorizontal === 0 && flipVertical === 0 && !isChanged;
}
