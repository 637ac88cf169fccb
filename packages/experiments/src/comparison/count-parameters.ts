import { createNetwork, type NetworkOptions } from '@interseg/models';
import { util } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ParameterCounts } from './measurements.ts';

/** Counts the weights of a network, a weight that several layers share once. Leaves no tensor behind. */
export function countParameters(options: NetworkOptions): ParameterCounts {
  const network = createNetwork(options);
  const count = ({ weights }: LayersModel): number => {
    const sizes = new Map(weights.map(({ id, shape }) => [id, util.sizeFromShape(shape as number[])]));
    return [...sizes.values()].reduce((sum, size) => sum + size, 0);
  };
  const counts = { deploy: count(network.deploy), training: count(network.train) };
  network.dispose();
  return counts;
}
