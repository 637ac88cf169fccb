import { findVariant } from '@interseg/models';
import type { RunConfiguration } from '../configuration/run-configuration.ts';
import { recipe } from './recipe.ts';

/** The GiB that training steps may take, of those that the whole program may. */
export function memoryOfSteps(memory: number): number {
  return Math.max(0, memory - recipe.programMemory);
}

/**
 * The GiB that a training step takes per pixel of a slice in the batch: an estimate from the widths of the levels, each of which
 * has a quarter of the pixels of the one before. Slices without labels beside it pass through the image's path once.
 */
export function memoryPerPixel({
  variant,
  filters,
  unlabelled = 0,
  unlabelledRatio = 1,
}: Pick<RunConfiguration, 'variant' | 'filters'> &
  Partial<Pick<RunConfiguration, 'unlabelled' | 'unlabelledRatio'>>): number {
  const { backbone, mechanism } = findVariant(variant);
  const channels = filters.reduce((sum, width, level) => sum + width / 4 ** level, 0);
  const values = channels * recipe.valuesPerChannel * (backbone.name === 'unet' ? 1 : recipe.nestedBackbone);
  const passes = (mechanism.maskPath ? recipe.maskPath : 1) + (unlabelled === 0 ? 0 : unlabelledRatio);
  return (values * passes * Float32Array.BYTES_PER_ELEMENT) / 2 ** 30;
}
