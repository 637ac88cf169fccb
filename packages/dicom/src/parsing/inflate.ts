import { DataError } from '@interseg/errors';

/**
 * Inflates raw deflate, as deflated DICOM files have it behind their meta information.
 *
 * @param most the most bytes that may come out
 * @param name the file, for errors
 * @throws DataError if the stream is damaged or larger than allowed
 */
export async function inflate(packed: Uint8Array, most: number, name: string): Promise<Uint8Array> {
  try {
    return await inflateStream(packed, most, name);
  } catch (error) {
    // A zero may pad the stream to an even length, which some engines take for damage.
    if (error instanceof DataError || packed.at(-1) !== 0) throw damaged(error, name);
  }
  return inflateStream(packed.subarray(0, -1), most, name).catch((error: unknown) => {
    throw damaged(error, name);
  });
}

function damaged(error: unknown, name: string): unknown {
  if (error instanceof DataError) return error;
  return new DataError(`${name}: found a damaged deflated data set, expected a complete one.`, { cause: error });
}

async function inflateStream(packed: Uint8Array, most: number, name: string): Promise<Uint8Array> {
  const blob = new Blob([packed as Uint8Array<ArrayBuffer>]);
  const reader = blob.stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const chunks: Uint8Array[] = [];
  let total = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      total += value.length;
      if (total > most) {
        throw new DataError(
          `${name}: found more than ${most} bytes in a deflated data set, expected at most that (the limit maxBytes).`,
        );
      }
      chunks.push(value);
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
