import { open, type FileHandle } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import { writeAtomically } from '@interseg/files';
import type { LabelArray } from '../../cases/case-volume.ts';
import { shareObjects } from '../preparation/slice-objects.ts';
import type { PreparedArrays } from '../preparation/prepared-case.ts';

/**
 * An entry on disk: 16 bytes (magic number, length of the description, checksum of everything after these bytes, 0), then
 * the description, the images, the masks and the labels as they are in memory.
 */
const magicNumber = 0x01534c49;
const headBytes = 16;

type Description = Omit<PreparedArrays, 'images' | 'masks' | 'labels'> & {
  imageBytes: number;
  maskBytes?: number;
  labels?: { kind: 'Uint8Array' | 'Uint16Array' | 'Int32Array'; length: number };
};

/** Writes an entry, which appears when it is complete. @throws DataError if the folder cannot be written to */
export async function writeEntry(path: string, prepared: PreparedArrays): Promise<void> {
  const { images, masks, labels, ...rest } = prepared;
  const description: Description = {
    ...rest,
    imageBytes: images.byteLength,
    maskBytes: masks?.byteLength,
    labels: labels && {
      kind: labels.constructor.name as 'Uint8Array' | 'Uint16Array' | 'Int32Array',
      length: labels.length,
    },
  };
  const parts = [serialize(description), images, masks, labels].filter((part) => part !== undefined);
  const head = new Uint32Array([
    magicNumber,
    parts[0]!.byteLength,
    parts.reduce((sum, part) => crc32(part, sum), 0),
    0,
  ]);
  await writeAtomically(path, async (temporary) => {
    const file = await open(temporary, 'wx', 0o600);
    try {
      for (const part of [head, ...parts]) await writeAll(file, part);
    } finally {
      await file.close();
    }
  });
}

/**
 * Reads an entry.
 *
 * @throws Error if it is missing, truncated, changed or of another version
 */
export async function readEntry(path: string): Promise<PreparedArrays> {
  const file = await open(path, 'r');
  try {
    const [mark, descriptionBytes, checksum] = new Uint32Array((await readAll(file, headBytes)).buffer);
    const { size } = await file.stat();
    if (mark !== magicNumber || headBytes + descriptionBytes! > size) throw new Error('not an entry');
    const serialized = await readAll(file, descriptionBytes!);
    const { imageBytes, maskBytes, labels: kind, objects, ...rest } = deserialize(serialized) as Description;
    const labels = kind && emptyLabels(kind);
    const arrayBytes = imageBytes + (maskBytes ?? 0) + (labels?.byteLength ?? 0);
    if (size !== headBytes + descriptionBytes! + arrayBytes) throw new Error('another length');
    const images = new Float32Array(new SharedArrayBuffer(imageBytes));
    await fill(file, images);
    const masks = maskBytes === undefined ? undefined : new Uint8Array(new SharedArrayBuffer(maskBytes));
    if (masks) await fill(file, masks);
    if (labels) await fill(file, labels);
    const parts = [serialized, images, masks, labels].filter((part) => part !== undefined);
    if (parts.reduce((sum, part) => crc32(part, sum), 0) !== checksum) throw new Error('another checksum');
    return { ...rest, ...(objects && { objects: shareObjects(objects) }), images, masks, labels };
  } finally {
    await file.close();
  }
}

function emptyLabels({ kind, length }: NonNullable<Description['labels']>): LabelArray {
  if (kind === 'Uint8Array') return new Uint8Array(length);
  return kind === 'Uint16Array' ? new Uint16Array(length) : new Int32Array(length);
}

async function readAll(file: FileHandle, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  await fill(file, bytes);
  return bytes;
}

async function fill(file: FileHandle, array: NodeJS.ArrayBufferView): Promise<void> {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  for (let done = 0; done < bytes.length;) {
    const { bytesRead } = await file.read(bytes, done, Math.min(bytes.length - done, 2 ** 30));
    if (bytesRead === 0) throw new Error('the end of the file');
    done += bytesRead;
  }
}

async function writeAll(file: FileHandle, array: NodeJS.ArrayBufferView): Promise<void> {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  for (let done = 0; done < bytes.length;) {
    done += (await file.write(bytes, done, Math.min(bytes.length - done, 2 ** 30))).bytesWritten;
  }
}
