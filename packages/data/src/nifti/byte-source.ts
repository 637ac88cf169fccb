import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DataError, fileError } from '../errors.ts';
import { ByteReader } from './byte-reader.ts';

/** Deflate cannot do better than 258 bytes in two bits, so this many bytes at most come out of one. */
const LARGEST_GZIP_RATIO = 1032;
const CHUNK_BYTES = 1 << 20;

/** A file or bytes in memory, gzip-compressed or not (told by the first two bytes, not by the name). */
export interface ByteSource {
  /** What errors call it: the path, or words for bytes in memory. */
  readonly name: string;
  readonly compressed: boolean;
  /** The largest number of bytes that can come out of it: exact for plain bytes, an upper bound for compressed ones. */
  readonly mostBytes: number;
  /** Starts reading. */
  read(): ByteReader;
}

/** @throws DataError when the file is missing, not a regular file, or cannot be read */
export async function fileSource(path: string): Promise<ByteSource> {
  try {
    const handle = await open(path, 'r');
    try {
      const status = await handle.stat();
      if (!status.isFile()) throw new DataError(`${path}: not a regular file, expected a NIfTI file.`);
      const start = new Uint8Array(2);
      const { bytesRead } = await handle.read(start, 0, 2, 0);
      return source(path, bytesRead === 2 ? start : new Uint8Array(0), status.size, () =>
        createReadStream(path, { highWaterMark: CHUNK_BYTES }),
      );
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileError(path, error, 'a NIfTI file');
  }
}

/** Bytes in memory; they are only read. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return source('NIfTI bytes in memory', bytes, bytes.byteLength, () =>
    Readable.from(slices(bytes), { objectMode: false, highWaterMark: CHUNK_BYTES }),
  );
}

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.byteLength; start += CHUNK_BYTES) yield bytes.subarray(start, start + CHUNK_BYTES);
}

function source(name: string, start: Uint8Array, size: number, stream: () => Readable): ByteSource {
  const compressed = start[0] === 0x1f && start[1] === 0x8b;
  return {
    name,
    compressed,
    mostBytes: compressed ? size * LARGEST_GZIP_RATIO : size,
    read: () => new ByteReader(named(name, compressed ? gunzip(stream()) : stream())),
  };
}

function gunzip(stream: Readable): Readable {
  const decompressed = createGunzip({ chunkSize: CHUNK_BYTES });
  // Errors arrive where the decompressed stream is read.
  pipeline(stream, decompressed, () => {});
  return decompressed;
}

/** The chunks of a stream, with its errors told as errors of the file. */
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
