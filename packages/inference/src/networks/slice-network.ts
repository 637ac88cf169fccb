import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** `[N, H, W, C]`: slices, rows, columns, and the channels of a slice and its context. */
export type SlicesShape = readonly [slices: number, height: number, width: number, channels: number];

/** What gives the probabilities of slices, whatever computes them: TensorFlow.js, or another runtime. */
export interface SliceNetwork {
  /**
   * @param images `[N, H, W, C]`, row-major, normalised as the network was trained
   * @returns `[N, H, W, K]`, row-major: the probability of each class, in [0, 1]
   */
  infer(images: Float32Array, shape: SlicesShape): Promise<Float32Array>;
  /** Gives back what the network holds. */
  dispose(): void;
}

/** A network of TensorFlow.js, on the engine in use. Leaves no tensor behind. */
function layersNetwork(model: LayersModel): SliceNetwork {
  return {
    async infer(images, shape) {
      const output = tf.tidy(() => model.apply(tf.tensor(images, [...shape]), { training: false }) as Tensor);
      const values = (await output.data()) as Float32Array;
      output.dispose();
      return values;
    },
    dispose: () => void model.dispose(),
  };
}

/** A network as it is, or one of a model. */
export function sliceNetwork(network: LayersModel | SliceNetwork): SliceNetwork {
  return 'infer' in network ? network : layersNetwork(network);
}
