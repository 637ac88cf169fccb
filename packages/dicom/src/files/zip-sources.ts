import { readEntry, zipEntries } from '@interseg/files';
import { defaultLimit, isDicom, type DicomLimits } from '../parsing/parse-instance.ts';
import type { DicomSource } from '../parsing/source.ts';

/**
 * The files in a zip archive as sources, without hidden ones. Each is unpacked when it is read.
 *
 * @param name the archive, for errors
 * @throws DataError if it is no zip archive; later, when a file is read, if that is damaged
 */
export async function zipSources(
  archive: Blob,
  name: string,
  { maxBytes = defaultLimit }: DicomLimits = {},
): Promise<DicomSource[]> {
  const entries = await zipEntries(archive, name);
  const visible = [...entries].filter(([path, { size }]) => {
    return size <= maxBytes && path.split('/').every((part) => !part.startsWith('.') && part !== '__MACOSX');
  });
  return visible.map(([path, entry]) => {
    const file = `${name}/${path}`;
    // Kept while there is memory: the pixels are wanted soon after the header.
    let kept: WeakRef<Uint8Array> | undefined;
    return {
      name: file,
      size: entry.size,
      async read(start, end) {
        let content = kept?.deref();
        if (content === undefined) {
          content = await readEntry(archive, entry, file);
          kept = new WeakRef(content);
        }
        return content.subarray(start, end);
      },
    };
  });
}

/** Whether the bytes begin a zip archive. */
export function isZip(start: Uint8Array): boolean {
  return start.length >= 4 && [0x50, 0x4b, 3, 4].every((byte, index) => start[index] === byte);
}

/** Those of some sources that begin as DICOM files do. */
export async function dicomAmong(sources: readonly DicomSource[]): Promise<DicomSource[]> {
  const found: DicomSource[] = [];
  for (const source of sources) {
    const start = await source.read(0, 132).catch(() => undefined);
    if (start && isDicom(start)) found.push(source);
  }
  return found;
}
