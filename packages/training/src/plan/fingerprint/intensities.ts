import { percentileOfSorted } from '@interseg/data';

/** The intensities of one channel inside the foreground, in the units of the files. */
export interface ForegroundIntensities {
  readonly channel: string;
  readonly mean: number;
  readonly standardDeviation: number;
  /** By percent: `{'0.5': …, '50': …, '99.5': …}`. */
  readonly percentiles: Readonly<Record<'0.5' | '50' | '99.5', number>>;
}

/** So many voxels of each case decide the percentiles, evenly spread over its foreground: memory is bounded by them. */
const sampledPerCase = 10_000;

/** Collects the intensities of one channel, case by case. */
export class IntensityCollector {
  readonly #channel: string;
  readonly #samples: Float32Array[] = [];
  #count = 0;
  #mean = 0;
  /** Sum of the squared distances from the mean. */
  #squares = 0;

  constructor(channel: string) {
    this.#channel = channel;
  }

  /** Adds the voxels of a case at some indices. */
  add(values: Float32Array, voxels: Uint32Array): void {
    const step = Math.max(1, voxels.length / sampledPerCase);
    const sample = new Float32Array(Math.min(voxels.length, sampledPerCase));
    for (let index = 0; index < sample.length; index++) sample[index] = values[voxels[Math.floor(index * step)]!]!;
    this.#samples.push(sample);
    // Welford's update: a sum of squares would lose the digits of a small deviation around a large mean.
    for (const voxel of voxels) {
      const value = values[voxel]!;
      const distance = value - this.#mean;
      this.#count++;
      this.#mean += distance / this.#count;
      this.#squares += distance * (value - this.#mean);
    }
  }

  /** What was collected; `undefined` if that is nothing. */
  result(): ForegroundIntensities | undefined {
    if (this.#count === 0) return undefined;
    const sorted = new Float32Array(this.#samples.reduce((sum, { length }) => sum + length, 0));
    let offset = 0;
    for (const sample of this.#samples) {
      sorted.set(sample, offset);
      offset += sample.length;
    }
    sorted.sort();
    return {
      channel: this.#channel,
      mean: this.#mean,
      standardDeviation: Math.sqrt(this.#squares / this.#count),
      percentiles: {
        0.5: percentileOfSorted(sorted, 0.5),
        50: percentileOfSorted(sorted, 50),
        99.5: percentileOfSorted(sorted, 99.5),
      },
    };
  }
}
