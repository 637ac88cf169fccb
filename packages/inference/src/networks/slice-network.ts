import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
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

/** The input of a {@link Pass}. */
export interface PassInputs extends NamedTensorMap {
  /** `[N, H, W, C]`. */
  image: Tensor;
}

/** A pass through a network: from `image` to `probabilities`, `[N, H, W, K]`. */
export interface Pass {
  (inputs: PassInputs): Record<string, Tensor>;
  /** Releases what the pass keeps between its calls, such as a recorded graph. */
  release?(): void;
}

/** Replaces a pass by one that computes the same faster, such as a recorded graph. */
export type CompilePass = (pass: Pass) => Pass;

/** A network whose passes were replaced by faster ones. */
export interface CompiledNetwork extends SliceNetwork {
  /** Gives back what the passes keep, and leaves the model as it is. */
  release(): void;
  /** Gives back what the passes keep, and the model. */
  dispose(): void;
}

/**
 * A network of TensorFlow.js, on the engine in use, whose passes are replaced by faster ones. Leaves no tensor behind.
 * Whoever predicts more than once keeps it: with `compileStep` of `@interseg/runtime` the first two passes of each shape
 * are recorded.
 *
 * ```ts
 * const network = compileNetwork(model, (pass) => compileStep(pass, { freeze: true, maxGraphs: 2 }));
 * for (const volume of volumes) await predictVolume(network, volume, options);
 * network.release();
 * ```
 *
 * @param model `[N, H, W, C]` in, `[N, H, W, K]` probabilities out
 * @param compile defaults to the pass as it is
 */
export function compileNetwork(model: LayersModel, compile: CompilePass = (pass) => pass): CompiledNetwork {
  const pass = compile(({ image }) =>
    tf.tidy(() => ({ probabilities: model.apply(image, { training: false }) as Tensor })),
  );
  const release = (): void => pass.release?.();
  return {
    async infer(images, shape) {
      const image = tf.tensor(images, [...shape]);
      let results: Record<string, Tensor> = {};
      try {
        results = pass({ image });
        return (await results['probabilities']!.data()) as Float32Array;
      } finally {
        tf.dispose([image, results]);
      }
    },
    release,
    dispose: () => {
      release();
      model.dispose();
    },
  };
}

/** A network as it is, or one of a model. */
export function sliceNetwork(network: LayersModel | SliceNetwork): SliceNetwork {
  return 'infer' in network ? network : compileNetwork(network);
}
