import { findVariant } from '@interseg/models';
import type { RunConfiguration } from '../configuration/run-configuration.ts';
import { recipe } from './recipe.ts';

/**
 * The GiB that a training step takes per pixel of a slice in the batch: an estimate from the widths of the levels, each of which
 * has a quarter of the pixels of the one before.
 */
export function memoryPerPixel({ variant, filters }: Pick<RunConfiguration, 'variant' | 'filters'>): number {
  const { backbone, mechanism } = findVariant(variant);
  const channels = filters.reduce((sum, width, level) => sum + width / 4 ** level, 0);
  const values = channels * recipe.valuesPerChannel * (backbone.name === 'unet' ? 1 : recipe.nestedBackbone);
  // A mask path is a second pass through the network.
  return (values * (mechanism.maskPath ? 2 : 1) * Float32Array.BYTES_PER_ELEMENT) / 2 ** 30;
}
