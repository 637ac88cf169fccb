import { DataError } from '@interseg/errors';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';

/** A tensor in a file of little-endian float32 values; tensors follow one another in the order of their entries. */
export interface TensorEntry {
  name: string;
  shape: number[];
}

/** Reads tensors back from the device and concatenates their values. */
export async function packTensors(
  tensors: readonly { name: string; tensor: Tensor }[],
): Promise<{ entries: TensorEntry[]; bytes: Uint8Array }> {
  const entries = tensors.map(({ name, tensor }) => ({ name, shape: tensor.shape }));
  const values = new Float32Array(entries.reduce((sum, entry) => sum + tf.util.sizeFromShape(entry.shape), 0));
  let offset = 0;
  for (const { tensor } of tensors) {
    values.set((await tensor.data()) as Float32Array, offset);
    offset += tensor.size;
  }
  return { entries, bytes: new Uint8Array(values.buffer) };
}

/**
 * Assigns the values that {@link packTensors} wrote to variables.
 *
 * @param file the path, for errors
 * @throws DataError when the names, shapes or the number of bytes do not match the variables; nothing is assigned then
 */
export function unpackTensors(
  entries: readonly TensorEntry[],
  bytes: Uint8Array,
  variables: readonly { name: string; tensor: Variable }[],
  file: string,
): void {
  const sizes = entries.map((entry) => tf.util.sizeFromShape(entry.shape));
  const expectedBytes = 4 * sizes.reduce((a, b) => a + b, 0);
  if (bytes.byteLength !== expectedBytes) {
    throw new DataError(`${file}: found ${bytes.byteLength} bytes of weights, expected ${expectedBytes}.`);
  }
  if (entries.length !== variables.length) {
    throw new DataError(`${file}: found ${entries.length} tensors, expected ${variables.length} as the network has.`);
  }
  entries.forEach((entry, index) => {
    const { name, tensor } = variables[index] as { name: string; tensor: Variable };
    if (entry.name !== name || !tf.util.arraysEqual(entry.shape, tensor.shape)) {
      throw new DataError(
        `${file}: found ${entry.name} of shape [${entry.shape}], expected ${name} of shape [${tensor.shape}] as the network has.`,
      );
    }
  });
  const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  let offset = 0;
  variables.forEach(({ tensor }, index) => {
    const part = values.subarray(offset, (offset += sizes[index]!));
    tf.tidy(() => tensor.assign(tf.tensor(part, tensor.shape)));
  });
}
