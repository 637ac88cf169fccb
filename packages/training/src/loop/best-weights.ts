import type { SegmentationNetwork } from '@interseg/models';
import * as tf from '@tensorflow/tfjs-core';
import type { Variable } from '@tensorflow/tfjs-core';

/**
 * The weights of a network at its best epoch, moving statistics included, on the device. Engines do not write into the
 * memory of a variable that is assigned to, so a clone keeps what it held.
 */
export class BestWeights {
  private readonly network: SegmentationNetwork;
  private kept: { variable: Variable; value: Variable }[] = [];

  constructor(network: SegmentationNetwork) {
    this.network = network;
  }

  /** Keeps the weights as they are now, in place of what was kept before. */
  keep(): void {
    this.dispose();
    this.kept = [...this.network.variables.values()].map((variable) => ({ variable, value: tf.clone(variable) }));
  }

  /** Gives the network the weights that were kept; without any it stays as it is. */
  restore(): void {
    for (const { variable, value } of this.kept) variable.assign(value);
  }

  dispose(): void {
    for (const { value } of this.kept) value.dispose();
    this.kept = [];
  }
}
