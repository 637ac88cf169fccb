import { DataError } from '@interseg/errors';
import type { DicomInstance } from '../parsing/instance.ts';

/** A part of the file with a piece of a frame. */
export interface Fragment {
  readonly offset: number;
  readonly length: number;
}

/** Bytes that are read at a time while looking for fragments. */
const windowBytes = 1 << 16;
const itemTag = 0xfffee000;
const delimiterTag = 0xfffee0dd;
/** The most fragments of a frame, on average: there is no reason for more than a few. */
const mostFragments = 4096;

/**
 * Finds the fragments of each frame of encapsulated pixels.
 *
 * @throws DataError if they are damaged, or do not say which frame they belong to
 */
export async function findFragments(instance: DicomInstance): Promise<Fragment[][]> {
  const { name, frames } = instance;
  const [table, ...fragments] = await listItems(instance);
  if (!table || fragments.length === 0) {
    throw new DataError(`${name}: found no fragment of pixels, expected at least one for each frame.`);
  }
  if (frames === 1) return [fragments];
  if (fragments.length === frames) return fragments.map((fragment) => [fragment]);
  const starts = await readOffsets(instance, table);
  const first = fragments[0]!.offset - 8;
  const groups: Fragment[][] = starts.map(() => []);
  for (const fragment of fragments) {
    const frame = starts.findLastIndex((start) => fragment.offset - 8 - first >= start);
    groups[frame]?.push(fragment);
  }
  if (groups.length !== frames || groups.some((group) => group.length === 0)) {
    throw new DataError(
      `${name}: found ${fragments.length} fragments of pixels, expected one for each of ${frames} frames, ` +
        'or a table of offsets.',
    );
  }
  return groups;
}

/** The bytes of a frame. @throws DataError if the file ends too early */
export async function readFragments(
  { name, source }: DicomInstance,
  fragments: readonly Fragment[],
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (const { offset, length } of fragments) parts.push(await source.read(offset, offset + length));
  const length = fragments.reduce((sum, fragment) => sum + fragment.length, 0);
  const found = parts.reduce((sum, part) => sum + part.length, 0);
  if (found !== length) throw new DataError(`${name}: found ${found} bytes of pixels, expected ${length}.`);
  if (parts.length === 1) return parts[0]!;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The items up to the delimiter, or to the end of the file: the first one is the table of offsets. */
async function listItems({ name, source, pixels, frames }: DicomInstance): Promise<Fragment[]> {
  const items: Fragment[] = [];
  let at = pixels!.offset;
  let [window, start] = [new Uint8Array(0), 0];
  while (at + 8 <= source.size) {
    if (at < start || at + 8 > start + window.length) {
      start = at;
      window = (await source.read(start, start + windowBytes)) as Uint8Array<ArrayBuffer>;
      if (window.length < 8) break;
    }
    const view = new DataView(window.buffer, window.byteOffset + at - start, 8);
    const tag = view.getUint16(0, true) * 0x10000 + view.getUint16(2, true);
    const length = view.getUint32(4, true);
    if (tag === delimiterTag) return items;
    if (tag !== itemTag || at + 8 + length > source.size || items.length > mostFragments * frames) {
      throw new DataError(`${name}: found damaged fragments of pixels, expected items within the file.`);
    }
    items.push({ offset: at + 8, length });
    at += 8 + length;
  }
  return items;
}

/** Where frames start, relative to the first fragment. */
async function readOffsets({ source }: DicomInstance, { offset, length }: Fragment): Promise<number[]> {
  const bytes = await source.read(offset, offset + length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length >> 2 }, (_, index) => view.getUint32(4 * index, true));
}
