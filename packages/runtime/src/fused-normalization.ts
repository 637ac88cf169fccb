import type { TensorInfo } from '@tensorflow/tfjs-core';

/** The sizes of what `FusedNormalization` works on, `[sets, rows, channels]`. */
export interface NormalizationSizes {
  readonly sets: number;
  readonly rows: number;
  readonly channels: number;
  /** How many neighbouring channels share statistics. */
  readonly groupSize: number;
}

/** Reads the sizes of the input `x` of `FusedNormalization` or its gradient, and refuses what these do not take. */
export function readNormalizationSizes(engine: string, x: TensorInfo, groupSize: unknown): NormalizationSizes {
  const [sets, rows, channels] = x.shape as [number, number, number];
  const group = (groupSize as number | undefined) ?? 1;
  if (x.shape.length !== 3 || x.dtype !== 'float32' || channels % group !== 0) {
    throw new Error(
      `${engine} engine: FusedNormalization was given ${x.dtype} [${x.shape.join(', ')}] and a group size of ${group}; ` +
        'it takes float32 [sets, positions, channels] and a group size that divides the channels.',
    );
  }
  return { sets, rows, channels, groupSize: group };
}
