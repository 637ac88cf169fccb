import { crc32 } from './crc32.ts';

/** Years, months and days as DOS counts them: 1 January 1980, so that the same files always make the same archive. */
const date = (1 << 5) | 1;
/** Version 2.0 of the format, and names in UTF-8. */
const [version, flags] = [20, 0x0800];

/**
 * A zip archive of files, stored as they are: weights do not become smaller. Together less than 4 GiB.
 *
 * @param files their content, by path
 */
export function zipOf(files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>): Blob {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const list: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  for (const [path, content] of Object.entries(files)) {
    const name = new TextEncoder().encode(path);
    const common: Field[] = [
      version,
      flags,
      0,
      0,
      date,
      [crc32(content)],
      [content.length],
      [content.length],
      name.length,
      0,
    ];
    const head = record([[0x04034b50], ...common]);
    parts.push(head, name, content);
    list.push(record([[0x02014b50], version, ...common, 0, 0, 0, [0], [offset]]), name);
    offset += head.length + name.length + content.length;
  }
  const count = Object.keys(files).length;
  const length = list.reduce((sum, part) => sum + part.length, 0);
  const end = record([[0x06054b50], 0, 0, count, count, [length], [offset], 0]);
  return new Blob([...parts, ...list, end], { type: 'application/zip' });
}

/** A number of two bytes, or in brackets one of four. */
type Field = number | readonly [number];

/** The bytes of fields, little endian. */
function record(fields: readonly Field[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(4 * fields.length));
  let at = 0;
  for (const field of fields) {
    if (typeof field === 'number') view.setUint16(at, field, true);
    else view.setUint32(at, field[0], true);
    at += typeof field === 'number' ? 2 : 4;
  }
  return new Uint8Array(view.buffer, 0, at);
}
