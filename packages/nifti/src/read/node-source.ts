import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DataError } from '@interseg/errors';
import { fileError } from '@interseg/files';
import { byteSource, chunkBytes, splitIntoChunks, type ByteSource } from './byte-source.ts';

/** A file as a source. @throws DataError if it is missing, not a regular file, or cannot be read */
export async function fileSource(path: string): Promise<ByteSource> {
  try {
    // Before it is opened: opening a pipe waits for somebody who writes.
    const status = await stat(path);
    if (!status.isFile()) throw new DataError(`${path}: found no regular file, expected a NIfTI file.`);
    const handle = await open(path, 'r');
    try {
      const start = new Uint8Array(2);
      const { bytesRead } = await handle.read(start, 0, 2, 0);
      return streamSource(path, start.subarray(0, bytesRead), status.size, () =>
        createReadStream(path, { highWaterMark: chunkBytes }),
      );
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileError(path, error, 'a NIfTI file');
  }
}

/** Bytes in memory as a source; they are not changed. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return streamSource('NIfTI bytes in memory', bytes, bytes.byteLength, () =>
    Readable.from(splitIntoChunks(bytes), { objectMode: false, highWaterMark: chunkBytes }),
  );
}

function streamSource(name: string, start: Uint8Array, size: number, stream: () => Readable): ByteSource {
  const chunks = (isCompressed: boolean) => named(name, isCompressed ? gunzip(stream()) : stream());
  return byteSource({ name, start, size, chunks });
}

function gunzip(stream: Readable): Readable {
  const decompressed = createGunzip({ chunkSize: chunkBytes });
  // Whoever reads the decompressed stream receives the errors.
  pipeline(stream, decompressed, () => {});
  return decompressed;
}

/** The chunks of a stream, whose errors become errors of the file. */
async function* named(name: string, stream: Readable): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (error) {
    throw gzipError(name, error);
  } finally {
    stream.destroy();
  }
}

function gzipError(name: string, error: unknown): unknown {
  const code = error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? '') : '';
  if (code === 'Z_BUF_ERROR') {
    return new DataError(`${name}: the gzip stream is truncated, expected its end.`, { cause: error });
  }
  if (code.startsWith('Z_')) {
    const reason = (error as Error).message;
    return new DataError(`${name}: the gzip stream is corrupt (${reason}), expected intact data.`, { cause: error });
  }
  return fileError(name, error, 'a readable file');
}
