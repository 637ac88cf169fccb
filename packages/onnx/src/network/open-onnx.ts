import { DataError } from '@interseg/errors';
import { chooseEnds, outputChannels, type ChosenEnds, type ExpectedEnds, type OnnxEnds } from './choose-ends.ts';
import type { OnnxResult, OnnxRuntime, OnnxSession } from './onnx-runtime.ts';
import { classProbabilities } from './probabilities.ts';
import { channelsFirst, channelsLast } from './turn-axes.ts';

/** Options of {@link openOnnx}. */
export interface OpenOnnxOptions extends ExpectedEnds {
  /** What errors call the file. Defaults to `'The network'`. */
  name?: string;
  /** How input and output are to be understood, where the file does not say so. */
  ends?: OnnxEnds;
  /** Options of `InferenceSession.create`, such as `intraOpNumThreads`. */
  session?: object;
}

/** A network of ONNX that is ready for slices: a `SliceNetwork` of `@interseg/inference`. */
export interface OnnxNetwork {
  /**
   * @param images `[N, H, W, C]`, row-major, whatever the layout of the file
   * @returns `[N, H, W, K]`, row-major: the probability of each class, without the background
   * @throws DataError when the network gives something else
   */
  infer(
    images: Float32Array,
    shape: readonly [slices: number, height: number, width: number, channels: number],
  ): Promise<Float32Array>;
  /** Gives back what the runtime holds. */
  dispose(): void;
}

/**
 * Opens a network of ONNX for slices, one that `toOnnx` wrote or one from elsewhere. Nothing but the file is read.
 *
 * @param file its content
 * @param runtime `onnxruntime-node` or `onnxruntime-web`, as it is imported
 * @throws DataError when the file is not ONNX, its input or output is not as expected, or the runtime refuses it
 */
export async function openOnnx(
  file: Uint8Array,
  runtime: OnnxRuntime,
  { name = 'The network', ends = {}, session: sessionOptions, ...expected }: OpenOnnxOptions,
): Promise<OnnxNetwork> {
  const chosen = chooseEnds(file, name, expected, ends);
  const session = await runtime.InferenceSession.create(file, { logSeverityLevel: 3, ...sessionOptions }).catch(
    (error: unknown) => {
      throw new DataError(
        `${name}: onnxruntime refuses it (${reasonOf(error)}), expected a network whose operators it has.`,
        { cause: error },
      );
    },
  );
  const infer = async (images: Float32Array, [slices, ...shape]: Parameters<OnnxNetwork['infer']>[1]) => {
    const { batch = slices } = chosen;
    const [height, width] = shape;
    const length = shape.reduce((product, extent) => product * extent, 1);
    const ofSlice = height * width * expected.classes;
    const all = new Float32Array(slices * ofSlice);
    for (let from = 0; from < slices; from += batch) {
      const count = Math.min(batch, slices - from);
      // Where the number of slices is fixed, the last pass is filled up with empty ones.
      const part = new Float32Array(batch * length);
      part.set(images.subarray(from * length, (from + count) * length));
      const { values, channels } = await runOnce(runtime, session, { name, chosen }, part, [batch, ...shape]);
      const allowed = outputChannels(expected, ends);
      if (!allowed.includes(channels)) {
        throw new DataError(
          `${name}, output ${chosen.output}: found ${channels} channels, expected ${allowed.join(' or ')}.`,
        );
      }
      const probabilities = classProbabilities(values, { ...expected, channels, logits: ends.logits });
      all.set(probabilities.subarray(0, count * ofSlice), from * ofSlice);
    }
    return all;
  };
  return { infer, dispose: () => void session.release() };
}

/** One pass. @returns what comes out, `[N, H, W, channels]` */
async function runOnce(
  runtime: OnnxRuntime,
  session: OnnxSession,
  { name, chosen }: { name: string; chosen: ChosenEnds },
  images: Float32Array,
  [batch, height, width, depth]: readonly [number, number, number, number],
): Promise<{ values: Float32Array; channels: number }> {
  const isFirst = chosen.layout === 'nchw';
  const pixels = height * width;
  const given = isFirst ? channelsFirst(images, { batch, pixels, channels: depth }) : images;
  const dims = isFirst ? [batch, depth, height, width] : [batch, height, width, depth];
  const results = await session.run({ [chosen.input]: new runtime.Tensor('float32', given, dims) }).catch((error) => {
    throw new DataError(
      `${name}: onnxruntime cannot apply it to slices of ${height} × ${width} (${reasonOf(error)}), expected a network for slices of this size.`,
      { cause: error },
    );
  });
  const { type, data, dims: found } = results[chosen.output] as OnnxResult;
  const channels = found[isFirst ? 1 : 3] ?? 0;
  const expected = isFirst ? [batch, channels, height, width] : [batch, height, width, channels];
  if (type !== 'float32' || found.join() !== expected.join()) {
    throw new DataError(
      `${name}, output ${chosen.output}: found ${type} of the shape [${found.join(', ')}], expected float32 of the shape [${expected.join(', ')}] (${chosen.layout}).`,
    );
  }
  const values = data as Float32Array;
  return { values: isFirst ? channelsLast(values, { batch, pixels, channels }) : values, channels };
}

/** The first line of what a runtime says, as a part of a sentence. */
function reasonOf(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line.replace(/[.\s]+$/, '').slice(0, 300);
}
