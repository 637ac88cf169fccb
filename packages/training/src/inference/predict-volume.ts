import { labelMap, prepareCase, type CaseVolume, type ClassDefinition, type SliceSettings } from '@interseg/data';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

export interface PredictOptions {
  classes: readonly ClassDefinition[];
  /** How the volume becomes slices: as in training. */
  slices: SliceSettings;
  /** Slices per pass; 8 unless told. */
  batchSize?: number;
}

export interface VolumePrediction {
  /** Probability of each class on the original grid, in the original order of axes, first axis fastest. */
  probabilities: Float32Array[];
  /** Of each voxel the label value of its most probable class, or set of overlapping classes; 0 where none has 0.5. */
  labels: ReturnType<typeof labelMap>;
}

/**
 * Segments a whole volume slice by slice and puts the result back on the volume's own grid. Leaves no tensor behind.
 *
 * @param model `[N, H, W, C]` in, `[N, H, W, K]` probabilities out
 */
export async function predictVolume(
  model: LayersModel,
  volume: CaseVolume,
  { classes, slices: settings, batchSize = 8 }: PredictOptions,
): Promise<VolumePrediction> {
  const prepared = prepareCase(volume, classes, settings);
  const { slices, images, channels, size } = prepared;
  const [height, width] = size;
  const pixels = height * width;
  const stack = new Float32Array(slices * pixels * classes.length);
  for (let from = 0; from < slices; from += batchSize) {
    const count = Math.min(batchSize, slices - from);
    const output = tf.tidy(() => {
      const part = images.subarray(from * pixels * channels, (from + count) * pixels * channels);
      return model.apply(tf.tensor(part, [count, height, width, channels]), { training: false }) as Tensor;
    });
    stack.set((await output.data()) as Float32Array, from * pixels * classes.length);
    output.dispose();
  }
  const probabilities = prepared.restore(stack);
  return { probabilities, labels: labelMap(probabilities, classes) };
}
