import {
  augmentationLimits,
  augmentationNames,
  completeAugmentation,
  type Augmentation,
  type AugmentationStrengths,
} from '@interseg/data';
import { z } from 'zod';
import { option } from '../option.ts';

const look = { changesLook: true };

function strength(name: keyof AugmentationStrengths, description: string) {
  return option(z.number().min(0).max(augmentationLimits[name]).optional(), description, look);
}

const schema = z.strictObject({
  augmentation: option(
    z.enum(augmentationNames).default('none'),
    'random changes of training slices; the strengths below replace single ones of this choice',
    look,
  ),
  augmentFlipHorizontal: strength('flipHorizontal', 'probability of flipping left and right'),
  augmentFlipVertical: strength('flipVertical', 'probability of flipping upside down'),
  augmentRotation: strength('rotation', 'largest rotation either way, in degrees'),
  augmentScaling: strength('scaling', 'largest enlargement minus 1; slices shrink by as much, too'),
  augmentElastic: strength('elastic', 'largest displacement, as a fraction of height and width'),
  augmentGamma: strength('gamma', 'largest exponent of intensities minus 1; also as far below 1'),
  augmentInvertedGamma: strength('invertedGamma', 'the same for the inverted image, which is inverted back'),
  augmentRetainStatistics: strength(
    'retainStatistics',
    'probability that mean and standard deviation are kept when gamma changes a channel',
  ),
  augmentBrightness: strength('brightness', 'largest change of intensities, as a fraction'),
  augmentContrast: strength('contrast', 'largest change of the differences from the mean, as a fraction'),
  augmentNoise: strength('noise', 'largest standard deviation of noise, as a fraction of the range'),
  augmentBlur: strength('blur', 'largest standard deviation of a Gaussian blur, in pixels'),
  augmentBlurMinimum: strength('blurMinimum', 'smallest standard deviation of a Gaussian blur, in pixels'),
  augmentLowResolution: strength(
    'lowResolution',
    'largest loss of resolution: with 0.5 a channel is reduced to half its size at most, and enlarged again',
  ),
  augmentProbability: strength('probability', 'probability of each change except flips'),
});

/** How training slices are changed at random. */
export const augmentationSection = {
  title: 'Augmentation (strengths default to those of --augmentation)',
  schema,
  derive,
};

function derive(
  { augmentation, ...given }: z.output<typeof schema>,
  size: readonly [number, number] | undefined,
): Augmentation {
  const strengths = Object.entries(given).map(([name, value]) => [strengthName(name), value] as const);
  return completeAugmentation(augmentation, Object.fromEntries(strengths) as Partial<AugmentationStrengths>, size);
}

/** `augmentFlipHorizontal` → `flipHorizontal`. */
function strengthName(option: string): string {
  const name = option.slice('augment'.length);
  return name.charAt(0).toLowerCase() + name.slice(1);
}
