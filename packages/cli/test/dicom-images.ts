import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Texts that appear in the files of {@link writeImages} and nowhere else: nothing of them may be in logs and outputs. */
export const patient = { name: 'Qwertz^Xenophon', id: 'PID-90210-XQ', birthDate: '19510703', physician: 'Zyx^Wvu' };

/** Columns, rows and slices of {@link writeImages}. */
export const imageShape = [40, 32, 4] as const;

function element(group: number, number: number, representation: string, value: string | Buffer): Buffer {
  const bytes = Buffer.isBuffer(value)
    ? value
    : Buffer.from(value.length % 2 ? `${value}${representation === 'UI' ? '\0' : ' '}` : value);
  const isLong = representation === 'OW';
  const head = Buffer.alloc(isLong ? 12 : 8);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(number, 2);
  head.write(representation, 4);
  if (isLong) head.writeUInt32LE(bytes.length, 8);
  else head.writeUInt16LE(bytes.length, 6);
  return Buffer.concat([head, bytes]);
}

/**
 * Writes a series of MR images of a patient, byte by byte: 4 slices of 40 × 32 pixels, 2 mm wide and 8 mm apart, named
 * from the head down. Rows run to the left, columns to the back, as is usual.
 *
 * @param pixel the value at column, row and slice, slices counted upwards
 */
export async function writeImages(
  folder: string,
  { series = 1, pixel = (i: number, j: number, k: number) => (i * 7 + j * 5 + k * 31) % 700 } = {},
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const [columns, rows, slices] = imageShape;
  const short = (value: number): Buffer => Buffer.from(Uint16Array.of(value).buffer);
  for (let k = 0; k < slices; k++) {
    const uid = `1.2.3.${series}.${k + 1}`;
    const meta = Buffer.concat([
      element(2, 2, 'UI', '1.2.840.10008.5.1.4.1.1.4'),
      element(2, 3, 'UI', uid),
      element(2, 0x10, 'UI', '1.2.840.10008.1.2.1'),
    ]);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(meta.length);
    const pixels = Buffer.alloc(columns * rows * 2);
    for (let j = 0; j < rows; j++) {
      for (let i = 0; i < columns; i++) pixels.writeUInt16LE(pixel(i, j, k), 2 * (i + columns * j));
    }
    const body = [
      element(8, 0x16, 'UI', '1.2.840.10008.5.1.4.1.1.4'),
      element(8, 0x18, 'UI', uid),
      element(8, 0x20, 'DA', '20230517'),
      element(8, 0x60, 'CS', 'MR'),
      element(8, 0x90, 'PN', patient.physician),
      element(8, 0x103e, 'LO', `series of ${patient.name}`),
      element(0x10, 0x10, 'PN', patient.name),
      element(0x10, 0x20, 'LO', patient.id),
      element(0x10, 0x30, 'DA', patient.birthDate),
      element(0x20, 0x0d, 'UI', '1.2.3'),
      element(0x20, 0x0e, 'UI', `1.2.3.${series}`),
      element(0x20, 0x11, 'IS', String(series)),
      element(0x20, 0x13, 'IS', String(slices - k)),
      element(0x20, 0x32, 'DS', `-39\\-31\\${8 * k + 96 * series}`),
      element(0x20, 0x37, 'DS', '1\\0\\0\\0\\1\\0'),
      element(0x20, 0x52, 'UI', '1.2.3.99'),
      element(0x28, 2, 'US', short(1)),
      element(0x28, 4, 'CS', 'MONOCHROME2'),
      element(0x28, 0x10, 'US', short(rows)),
      element(0x28, 0x11, 'US', short(columns)),
      element(0x28, 0x30, 'DS', '2\\2'),
      element(0x28, 0x100, 'US', short(16)),
      element(0x28, 0x101, 'US', short(16)),
      element(0x28, 0x102, 'US', short(15)),
      element(0x28, 0x103, 'US', short(0)),
      element(0x7fe0, 0x10, 'OW', pixels),
    ];
    const file = [Buffer.alloc(128), Buffer.from('DICM'), element(2, 0, 'UL', length), meta, ...body];
    await writeFile(join(folder, `image${slices - k}`), Buffer.concat(file));
  }
}
