import { augmentationLimits, augmentationNames, completeAugmentation, type Augmentation } from '@interseg/data';
import { z } from 'zod';
import { option } from '../option.ts';

const look = { changesLook: true };

function strength(name: keyof Augmentation, description: string) {
  return option(z.number().min(0).max(augmentationLimits[name]).optional(), description, look);
}

const schema = z.strictObject({
  augmentation: option(
    z.enum(augmentationNames).default('none'),
    'how training slices are changed at random; single strengths below replace those of the preset',
    look,
  ),
  augmentFlipHorizontal: strength('flipHorizontal', 'probability of exchanging left and right'),
  augmentFlipVertical: strength('flipVertical', 'probability of turning upside down'),
  augmentRotation: strength('rotation', 'degrees, the largest turn either way'),
  augmentScaling: strength('scaling', 'the largest enlargement, less 1; as much smaller, too'),
  augmentElastic: strength('elastic', 'the largest displacement, as a part of height and width'),
  augmentGamma: strength('gamma', 'the largest exponent of intensities, less 1; as much below 1, too'),
  augmentBrightness: strength('brightness', 'the largest change of the factor of intensities'),
  augmentNoise: strength('noise', 'the largest deviation of noise, as a part of the range'),
  augmentBlur: strength('blur', 'the largest deviation of a Gaussian blur, in pixels'),
  augmentProbability: strength('probability', 'how probable each change is, flips apart'),
});

/** How training slices are changed at random. */
export const augmentationSection = {
  title: 'Augmentation (strengths default to those of the preset)',
  schema,
  derive,
};

function derive({ augmentation, ...given }: z.output<typeof schema>): Augmentation {
  const strengths = Object.entries(given).map(([name, value]) => [strengthName(name), value] as const);
  return completeAugmentation(augmentation, Object.fromEntries(strengths) as Partial<Augmentation>);
}

/** `augmentFlipHorizontal` → `flipHorizontal`. */
function strengthName(option: string): string {
  const name = option.slice('augment'.length);
  return name.charAt(0).toLowerCase() + name.slice(1);
}
