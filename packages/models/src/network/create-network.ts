import { SegmentationNetwork } from './network.ts';
import { resolveNetworkOptions, type NetworkOptions } from './options.ts';

/**
 * Creates a network of any variant with freshly drawn weights, on the engine that is set.
 *
 * @throws OptionError naming the option, what was found and what was expected
 */
export function createNetwork(options: NetworkOptions): SegmentationNetwork {
  return new SegmentationNetwork(resolveNetworkOptions(options));
}
