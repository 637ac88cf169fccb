import { DataError } from '@interseg/errors';
import { withoutSharedMemory } from '../arrays.ts';
import { byteSource, type ByteSource } from './byte-source.ts';

/** Bytes in memory, or a file that a page was given, as a source; they are not changed. */
export async function blobSource(content: Uint8Array | Blob): Promise<ByteSource> {
  const blob = content instanceof Blob ? content : new Blob([withoutSharedMemory(content)]);
  const fileName = (content as Partial<File>).name;
  const name = fileName || 'NIfTI bytes in memory';
  const start = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
  const chunks = (isCompressed: boolean) =>
    streamChunks(name, isCompressed ? blob.stream().pipeThrough(new DecompressionStream('gzip')) : blob.stream());
  return byteSource({ name, start, size: blob.size, chunks });
}

/** The chunks of a stream: not every browser can iterate over it. */
async function* streamChunks(name: string, stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (error) {
    // Browsers have one error for everything that can be wrong with a compressed stream.
    throw new DataError(`${name}: the gzip stream is corrupt or truncated, expected a complete one.`, { cause: error });
  } finally {
    await reader.cancel().catch(() => {});
  }
}
