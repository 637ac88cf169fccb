import { DataError } from '@interseg/errors';
import type { ModelArtifacts } from './model-artifacts.ts';

/** The values of one weight, row-major. */
export interface Weight {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * The weights of a model by name, such as `x_0_0_convolution_1/kernel`.
 *
 * @throws DataError when a weight is of another type than float32, or there are more or fewer bytes than the weights need
 */
export function readWeights({ weightSpecs = [], weightData }: ModelArtifacts): ReadonlyMap<string, Weight> {
  const bytes = joinBuffers(weightData);
  const weights = new Map<string, Weight>();
  let offset = 0;
  for (const { name, shape, dtype, quantization } of weightSpecs) {
    if (dtype !== 'float32' || quantization !== undefined) {
      const found = quantization === undefined ? `the type ${dtype}` : 'quantised values';
      throw new DataError(`Weight ${name}: found ${found}, expected float32.`);
    }
    const size = shape.reduce((product, extent) => product * extent, 1);
    if (offset + 4 * size > bytes.byteLength) break;
    weights.set(name, { shape, data: new Float32Array(bytes, offset, size) });
    offset += 4 * size;
  }
  if (weights.size < weightSpecs.length || offset !== bytes.byteLength) {
    throw new DataError(
      `The weights have ${bytes.byteLength} bytes, expected those of the ${weightSpecs.length} weights listed.`,
    );
  }
  return weights;
}

function joinBuffers(data: ModelArtifacts['weightData'] = []): ArrayBuffer {
  if (data instanceof ArrayBuffer) return data;
  if (data.length === 1) return data[0]!;
  const joined = new Uint8Array(data.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let offset = 0;
  for (const part of data) {
    joined.set(new Uint8Array(part), offset);
    offset += part.byteLength;
  }
  return joined.buffer;
}
