import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { DataError } from '@interseg/errors';

/** A file inside a zip archive. */
export interface ZipEntry {
  readonly name: string;
  readonly size: number;
  readonly compressedSize: number;
  readonly deflated: boolean;
  /** The position of its local header. */
  readonly offset: number;
}

const directoryEnd = 0x06054b50;
const directoryEntry = 0x02014b50;
const tooLarge = 0xffffffff;

/**
 * Lists the files of a zip archive from its central directory.
 *
 * @throws DataError when the file is no zip archive, is cut short, or is larger than 4 GiB
 */
export async function readZip(path: string): Promise<ZipEntry[]> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    // The directory's end is 22 bytes long, with a comment of at most 65535 after it.
    const tail = Buffer.alloc(Math.min(size, 22 + 65535));
    await file.read(tail, 0, tail.length, size - tail.length);
    let at = tail.length - 22;
    while (at >= 0 && tail.readUInt32LE(at) !== directoryEnd) at--;
    if (at < 0) throw new DataError(`${path} is no whole zip archive; download it again.`);
    const [count, length, start] = [tail.readUInt16LE(at + 10), tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
    if (start === tooLarge || count === 0xffff || start + length > size) {
      throw new DataError(`${path} is a zip archive of an unknown kind or cut short; download it again.`);
    }
    const directory = Buffer.alloc(length);
    await file.read(directory, 0, length, start);
    return readEntries(directory, count);
  } finally {
    await file.close();
  }
}

function readEntries(directory: Buffer, count: number): ZipEntry[] {
  const entries: ZipEntry[] = [];
  for (let at = 0, k = 0; k < count; k++) {
    if (directory.readUInt32LE(at) !== directoryEntry) throw new DataError('the zip archive has a broken directory');
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
      directory.readUInt16LE(at + field),
    ) as [number, number, number];
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
      deflated: directory.readUInt16LE(at + 10) === 8,
      compressedSize: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}

/**
 * Extracts a file of a zip archive to a path.
 *
 * @param onBytes called with the number of bytes written since the last call
 * @returns the SHA-256 of the file in base64url without padding, as in the records of a wheel
 * @throws DataError when the file does not have the size in its header
 */
export async function extract(
  zip: string,
  entry: ZipEntry,
  path: string,
  onBytes: (bytes: number) => void,
): Promise<string> {
  const start = await dataStart(zip, entry);
  await mkdir(dirname(path), { recursive: true });
  const hash = createHash('sha256');
  let written = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      written += chunk.length;
      onBytes(chunk.length);
      // A stream that inflates to more than its header says is stopped, not written.
      done(written > entry.size ? new DataError(`${entry.name} is larger than its header says`) : null, chunk);
    },
  });
  if (entry.size === 0) {
    await pipeline([Buffer.alloc(0)], createWriteStream(path));
    return hash.digest('base64url');
  }
  const source = createReadStream(zip, { start, end: start + entry.compressedSize - 1 });
  if (entry.deflated) await pipeline(source, createInflateRaw(), count, createWriteStream(path));
  else await pipeline(source, count, createWriteStream(path));
  if (written !== entry.size) throw new DataError(`${entry.name} has ${written} bytes instead of ${entry.size}`);
  return hash.digest('base64url');
}

async function dataStart(zip: string, entry: ZipEntry): Promise<number> {
  const file = await open(zip);
  try {
    const header = Buffer.alloc(30);
    await file.read(header, 0, 30, entry.offset);
    return entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  } finally {
    await file.close();
  }
}
