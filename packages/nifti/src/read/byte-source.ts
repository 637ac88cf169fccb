import { ByteReader } from './byte-reader.ts';

/** Deflate cannot do better than 258 bytes in two bits, so this many bytes at most come out of one. */
const largestGzipRatio = 1032;
/** How many bytes go through a stream at a time. */
export const chunkBytes = 1 << 20;

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

/** What a source is made from. */
export interface SourceParts {
  name: string;
  /** The first bytes; two are enough. */
  start: Uint8Array;
  /** Bytes as stored. */
  size: number;
  /** The content in chunks, decompressed if told so; errors are DataErrors that name the source. */
  chunks: (isCompressed: boolean) => AsyncIterable<Uint8Array>;
}

/** A source whose first bytes tell whether it is compressed. */
export function byteSource({ name, start, size, chunks }: SourceParts): ByteSource {
  const compressed = start[0] === 0x1f && start[1] === 0x8b;
  return {
    name,
    compressed,
    mostBytes: compressed ? size * largestGzipRatio : size,
    read: () => new ByteReader(chunks(compressed)),
  };
}

/** Bytes in chunks that share their memory. */
export function* splitIntoChunks(bytes: Uint8Array): Generator<Uint8Array<ArrayBuffer>> {
  for (let start = 0; start < bytes.byteLength; start += chunkBytes) {
    yield bytes.subarray(start, start + chunkBytes) as Uint8Array<ArrayBuffer>;
  }
}
