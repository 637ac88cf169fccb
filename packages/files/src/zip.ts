import { DataError } from '@interseg/errors';
import { crc32 } from './crc32.ts';

/** A file in a zip archive. */
export interface ZipEntry {
  /** Whether it is compressed (deflate) rather than stored. */
  readonly compressed: boolean;
  /** Bytes in the archive. */
  readonly packed: number;
  /** Bytes when unpacked. */
  readonly size: number;
  readonly crc32: number;
  /** Where its local header begins. */
  readonly offset: number;
}

const endSize = 22;
const endSignature = 0x06054b50;
const centralSignature = 0x02014b50;
const localSignature = 0x04034b50;

/**
 * The files of a zip archive by path, in its order. Archives in parts, with encryption or of more than 4 GiB are refused.
 *
 * @param name what errors call the archive
 * @throws DataError when it is not such an archive
 */
export async function zipEntries(archive: Blob, name: string): Promise<Map<string, ZipEntry>> {
  const refuse = (found: string): DataError => new DataError(`${name}: found ${found}, expected a zip archive.`);
  // The end record is followed by a comment of at most 64 KiB.
  const tail = await viewOf(archive.slice(Math.max(0, archive.size - endSize - 0xffff)));
  let end = tail.byteLength - endSize;
  while (end >= 0 && tail.getUint32(end, true) !== endSignature) end--;
  if (end < 0) throw refuse('no end of an archive');
  const [count, length, start] = [
    tail.getUint16(end + 10, true),
    tail.getUint32(end + 12, true),
    tail.getUint32(end + 16, true),
  ];
  if (start === 0xffffffff || count === 0xffff) throw refuse('one of more than 4 GiB (zip64)');
  if (start + length > archive.size) throw refuse('a list of files beyond its end');
  const list = await viewOf(archive.slice(start, start + length));
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + 46 > list.byteLength || list.getUint32(at, true) !== centralSignature) {
      throw refuse('a damaged list of files');
    }
    const [flags, method] = [list.getUint16(at + 8, true), list.getUint16(at + 10, true)];
    const [path, extra, comment] = [28, 30, 32].map((place) => list.getUint16(at + place, true)) as [
      number,
      number,
      number,
    ];
    if (at + 46 + path > list.byteLength) throw refuse('a damaged list of files');
    const file = new TextDecoder().decode(new Uint8Array(list.buffer, list.byteOffset + at + 46, path));
    const isReadable = (flags & 1) === 0 && (method === 0 || method === 8);
    if (isReadable && !file.endsWith('/')) {
      entries.set(file, {
        compressed: method === 8,
        crc32: list.getUint32(at + 16, true),
        packed: list.getUint32(at + 20, true),
        size: list.getUint32(at + 24, true),
        offset: list.getUint32(at + 42, true),
      });
    }
    at += 46 + path + extra + comment;
  }
  return entries;
}

/**
 * Unpacks one file; never more than the bytes that its entry promises.
 *
 * @param name what errors call the file
 * @throws DataError when it is damaged
 */
export async function readEntry(archive: Blob, entry: ZipEntry, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const refuse = (cause?: unknown): DataError =>
    new DataError(`${name}: found damaged bytes, expected a file of ${entry.size} bytes.`, { cause });
  // What deflate cannot make of so few bytes is not allocated.
  if (entry.size > (entry.compressed ? 1032 * entry.packed + 64 : entry.packed)) throw refuse();
  const header = await viewOf(archive.slice(entry.offset, entry.offset + 30));
  if (header.byteLength < 30 || header.getUint32(0, true) !== localSignature) throw refuse();
  const start = entry.offset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  const packed = archive.slice(start, start + entry.packed);
  const stream = entry.compressed
    ? packed.stream().pipeThrough(new DecompressionStream('deflate-raw'))
    : packed.stream();
  const content = await readExactly(stream, entry.size).catch((error: unknown) => {
    throw refuse(error);
  });
  if (content === undefined || crc32(content) !== entry.crc32) throw refuse();
  return content;
}

/** The bytes of a stream, if it has as many as told. */
async function readExactly(
  stream: ReadableStream<Uint8Array>,
  size: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const content = new Uint8Array(size);
  const reader = stream.getReader();
  let filled = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return filled === size ? content : undefined;
    if (filled + value.length > size) {
      await reader.cancel().catch(() => {});
      return undefined;
    }
    content.set(value, filled);
    filled += value.length;
  }
}

async function viewOf(blob: Blob): Promise<DataView<ArrayBuffer>> {
  return new DataView(await blob.arrayBuffer());
}
