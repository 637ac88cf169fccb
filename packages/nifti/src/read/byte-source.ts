import { ByteReader } from './byte-reader.ts';

/** Deflate encodes at most 258 bytes in two bits, so a byte yields no more than this many. */
const largestGzipRatio = 1032;
/** The size of the chunks of a stream. */
export const chunkBytes = 1 << 20;

/** A file or bytes in memory, gzip-compressed or not, which its first two bytes decide, not its name. */
export interface ByteSource {
  /** The path or a description, for errors. */
  readonly name: string;
  readonly compressed: boolean;
  /** The number of bytes it can yield: exact if it is not compressed, otherwise an upper bound. */
  readonly mostBytes: number;
  /** Starts reading. */
  read(): ByteReader;
}

/** What {@link byteSource} needs. */
export interface SourceParts {
  name: string;
  /** The first two bytes or more. */
  start: Uint8Array;
  /** The number of bytes, as stored. */
  size: number;
  /** The content in chunks, decompressed if it is compressed; errors are DataErrors that name the source. */
  chunks: (isCompressed: boolean) => AsyncIterable<Uint8Array>;
}

/** Creates a source, which is compressed if it begins like a gzip file. */
export function byteSource({ name, start, size, chunks }: SourceParts): ByteSource {
  const compressed = start[0] === 0x1f && start[1] === 0x8b;
  return {
    name,
    compressed,
    mostBytes: compressed ? size * largestGzipRatio : size,
    read: () => new ByteReader(chunks(compressed)),
  };
}

/** Divides bytes into chunks, which share their memory. */
export function* splitIntoChunks(bytes: Uint8Array): Generator<Uint8Array<ArrayBuffer>> {
  for (let start = 0; start < bytes.byteLength; start += chunkBytes) {
    yield bytes.subarray(start, start + chunkBytes) as Uint8Array<ArrayBuffer>;
  }
}
