import type { SegmentationNetwork } from '@interseg/models';
import * as tf from '@tensorflow/tfjs-core';
import type { Variable } from '@tensorflow/tfjs-core';
import type { WeightAverage } from '../optimizer/weight-average.ts';

/**
 * The weights of a network at its best epoch, moving statistics included, on the device: their averages, where those are what
 * is validated. Engines do not write into the
 * memory of a variable that is assigned to, so a clone keeps what it held.
 */
export class BestWeights {
  private readonly network: SegmentationNetwork;
  private readonly average?: WeightAverage;
  private kept: { variable: Variable; value: Variable }[] = [];

  constructor(network: SegmentationNetwork, average?: WeightAverage) {
    this.network = network;
    this.average = average;
  }

  /** Keeps the weights as they are now, in place of what was kept before. */
  keep(): void {
    this.dispose();
    const averages = this.average?.averages;
    this.kept = [...this.network.variables].map(([name, variable]) => {
      return { variable, value: tf.clone(averages?.get(name) ?? variable) };
    });
  }

  /** Gives the network the weights that were kept; without any it stays as it is. @returns whether there were any */
  restore(): boolean {
    for (const { variable, value } of this.kept) variable.assign(value);
    return this.kept.length > 0;
  }

  dispose(): void {
    for (const { value } of this.kept) value.dispose();
    this.kept = [];
  }
}
