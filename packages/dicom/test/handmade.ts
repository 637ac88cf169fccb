import { deflateRawSync } from 'node:zlib';

/** The encodings of DICOM files by name. */
export const syntaxes = {
  implicit: '1.2.840.10008.1.2',
  explicit: '1.2.840.10008.1.2.1',
  deflated: '1.2.840.10008.1.2.1.99',
  bigEndian: '1.2.840.10008.1.2.2',
  rle: '1.2.840.10008.1.2.5',
  jpeg: '1.2.840.10008.1.2.4.50',
  jpegLossless: '1.2.840.10008.1.2.4.70',
  jpegLs: '1.2.840.10008.1.2.4.80',
  jpeg2000: '1.2.840.10008.1.2.4.90',
} as const;

export type Syntax = keyof typeof syntaxes;

/** An element: tag, VR and value, which for SQ is a list of items. */
export type Element = readonly [
  tag: number,
  vr: string,
  value: string | number | readonly number[] | readonly string[] | Uint8Array | Element[][],
];

const longVrs = ['OB', 'OW', 'SQ', 'UN', 'UT'];

function encodeElement([tag, vr, value]: Element, implicit: boolean, little: boolean): Buffer {
  const content = encodeValue(vr, value, implicit, little);
  const isLong = implicit || longVrs.includes(vr);
  const head = Buffer.alloc(isLong && !implicit ? 12 : 8);
  const u16 = (number: number, at: number): unknown =>
    little ? head.writeUInt16LE(number, at) : head.writeUInt16BE(number, at);
  u16(tag >>> 16, 0);
  u16(tag & 0xffff, 2);
  if (!implicit) head.write(vr, 4, 'latin1');
  if (!isLong) u16(content.length, 6);
  else if (little) head.writeUInt32LE(content.length, head.length - 4);
  else head.writeUInt32BE(content.length, head.length - 4);
  return Buffer.concat([head, content]);
}

function encodeValue(vr: string, value: Element[2], implicit: boolean, little: boolean): Buffer {
  if (vr === 'SQ') {
    return Buffer.concat(
      (value as Element[][]).map((item) => {
        const inner = encodeElements(item, implicit, little);
        const head = Buffer.alloc(8);
        if (little) head.writeUInt32LE(0xe000fffe, 0);
        else head.writeUInt32BE(0xfffee000, 0);
        if (little) head.writeUInt32LE(inner.length, 4);
        else head.writeUInt32BE(inner.length, 4);
        return Buffer.concat([head, inner]);
      }),
    );
  }
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (vr === 'US') {
    const numbers = [value].flat() as number[];
    const bytes = Buffer.alloc(2 * numbers.length);
    numbers.forEach((number, index) => {
      if (little) bytes.writeUInt16LE(number & 0xffff, 2 * index);
      else bytes.writeUInt16BE(number & 0xffff, 2 * index);
    });
    return bytes;
  }
  const text = Buffer.from([value].flat().join('\\'), 'latin1');
  return text.length % 2 ? Buffer.concat([text, Buffer.from(vr === 'UI' ? '\0' : ' ')]) : text;
}

function encodeElements(elements: readonly Element[], implicit: boolean, little: boolean): Buffer {
  const sorted = [...elements].sort(([a], [b]) => (a >>> 0) - (b >>> 0));
  return Buffer.concat(sorted.map((element) => encodeElement(element, implicit, little)));
}

/** Encapsulates frames: an empty table of offsets, then a fragment for each. */
export function encapsulate(frames: readonly Uint8Array[]): Uint8Array {
  const item = (content: Uint8Array): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt32LE(0xe000fffe, 0);
    head.writeUInt32LE(content.length + (content.length % 2), 4);
    return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
  };
  const end = Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
  return Buffer.concat([item(new Uint8Array(0)), ...frames.map(item), end]);
}

/** A file of DICOM, of elements in any order. @param encapsulated the pixels of an encoding with compression */
export function dicomFile(
  elements: readonly Element[],
  syntax: Syntax = 'explicit',
  encapsulated?: Uint8Array,
): Buffer {
  const meta = encodeElements([[0x00020010, 'UI', syntaxes[syntax]]], false, true);
  const length = encodeElement([0x00020000, 'UL', Buffer.from(Uint32Array.of(meta.length).buffer)], false, true);
  let content = encodeElements(elements, syntax === 'implicit', syntax !== 'bigEndian');
  if (encapsulated) {
    const head = Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x42, 0, 0, 0xff, 0xff, 0xff, 0xff]);
    content = Buffer.concat([content, head, encapsulated]);
  }
  const packed = syntax === 'deflated' ? deflateRawSync(content) : content;
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), length, meta, packed]);
}

/** What a slice of a test says; the defaults make a slice of 3 × 2 pixels of CT. */
export interface SliceFields {
  position?: readonly number[];
  orientation?: readonly number[];
  spacing?: readonly number[];
  series?: string;
  instance?: number;
  columns?: number;
  rows?: number;
  bits?: number;
  stored?: number;
  high?: number;
  signed?: boolean;
  /** The pixels in the file. */
  pixels?: readonly number[];
  modality?: string;
  more?: readonly Element[];
  /** Tags to leave out. */
  without?: readonly number[];
}

/** The name of the patient in every file of {@link slice}, which nothing may print. */
export const patientName = 'SECRET^PATIENT';

/** A file with one slice. */
export function slice(fields: SliceFields = {}, syntax: Syntax = 'explicit', encapsulated?: Uint8Array): Buffer {
  const { columns = 3, rows = 2, bits = 16, signed = false, instance = 1 } = fields;
  const { stored = bits, high = stored - 1, more = [], without = [] } = fields;
  const count = encapsulated ? 0 : columns * rows;
  const pixels = fields.pixels ?? Array.from({ length: count }, (_, index) => index);
  const width = bits / 8;
  const data = Buffer.alloc(pixels.length * width + ((pixels.length * width) % 2));
  pixels.forEach((value, index) => {
    for (let byte = 0; byte < width; byte++) {
      const place = syntax === 'bigEndian' ? width - 1 - byte : byte;
      data[index * width + place] = Math.floor(value / 2 ** (8 * byte)) & 0xff;
    }
  });
  const elements: Element[] = [
    [0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.2'],
    [0x00080018, 'UI', `1.2.3.${instance}`],
    [0x00080060, 'CS', fields.modality ?? 'CT'],
    [0x0008103e, 'LO', `Thorax of ${patientName}`],
    [0x00100010, 'PN', patientName],
    [0x0020000d, 'UI', '1.2.3'],
    [0x0020000e, 'UI', fields.series ?? '1.2.3.4'],
    [0x00200011, 'IS', '7'],
    [0x00200013, 'IS', String(instance)],
    [0x00200032, 'DS', fields.position ?? [0, 0, 0]],
    [0x00200037, 'DS', fields.orientation ?? [1, 0, 0, 0, 1, 0]],
    [0x00280002, 'US', 1],
    [0x00280004, 'CS', 'MONOCHROME2'],
    [0x00280010, 'US', rows],
    [0x00280011, 'US', columns],
    [0x00280030, 'DS', fields.spacing ?? [0.5, 0.5]],
    [0x00280100, 'US', bits],
    [0x00280101, 'US', stored],
    [0x00280102, 'US', high],
    [0x00280103, 'US', signed ? 1 : 0],
  ];
  if (!encapsulated) elements.push([0x7fe00010, bits > 8 ? 'OW' : 'OB', data]);
  const replaced = new Set([...more.map(([tag]) => tag), ...without]);
  return dicomFile([...elements.filter(([tag]) => !replaced.has(tag)), ...more], syntax, encapsulated);
}

/** Slices along z, a millimetre apart. */
export function stack(count: number, fields: (index: number) => SliceFields = () => ({})): Buffer[] {
  return Array.from({ length: count }, (_, index) =>
    slice({ position: [0, 0, index], instance: index + 1, ...fields(index) }),
  );
}
