import { createNetwork, type NetworkOptions } from '@interseg/models';
import { largestDifference, scrambleWeights } from './agreement.ts';
import type { OnnxLayout } from '../src/index.ts';

/** The largest difference for a small network, whose weights were changed, on two slices of another size than its own. */
export async function variantDifference(
  options: Pick<NetworkOptions, 'variant' | 'normalization' | 'upSampling' | 'outputActivation'>,
  layout: OnnxLayout,
): Promise<number> {
  const network = createNetwork({ ...options, inputShape: [16, 16, 2], classes: 2, filters: [4, 4, 8], groups: 2 });
  try {
    scrambleWeights(network.deploy);
    return await largestDifference(network.deploy, { layout, shape: [2, 24, 16, 2] });
  } finally {
    network.dispose();
  }
}
