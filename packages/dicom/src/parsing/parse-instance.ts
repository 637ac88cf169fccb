import { DataError } from '@interseg/errors';
import dicomParser, { type ByteArrayParser, type DataSet } from 'dicom-parser';
import { inflate } from './inflate.ts';
import type { DicomInstance } from './instance.ts';
import { bytesSource, type DicomSource } from './source.ts';
import { decimals, firstDecimal, tags, text, uint16 } from './values.ts';

const deflated = '1.2.840.10008.1.2.1.99';
const implicit = '1.2.840.10008.1.2';
const bigEndian = '1.2.840.10008.1.2.2';

/** What is read first of a file: most headers are shorter. */
const firstBytes = 1 << 16;
/** The most bytes before the pixels. Private data of scanners takes megabytes at most. */
const mostHeaderBytes = 1 << 28;

/** Limits on what a file may make its reader do. */
export interface DicomLimits {
  /** The most bytes that a deflated file, or the volume of a series, may take in memory. Defaults to 4 GiB. */
  maxBytes?: number;
}

/** The default of {@link DicomLimits.maxBytes}: 4 GiB. */
export const defaultLimit = 4 * 1024 ** 3;

/** Whether the bytes, at least 132, begin a DICOM file (Part 10): 128 bytes of anything, then `DICM`. */
export function isDicom(start: Uint8Array): boolean {
  return start.length >= 132 && [0x44, 0x49, 0x43, 0x4d].every((byte, index) => start[128 + index] === byte);
}

/**
 * Reads everything of a file but its pixels.
 *
 * @throws DataError if it is no DICOM file or its elements are damaged
 */
export async function parseInstance(source: DicomSource, limits: DicomLimits = {}): Promise<DicomInstance> {
  for (let size = firstBytes; ; size *= 8) {
    const bytes = await source.read(0, Math.min(size, source.size));
    if (!isDicom(bytes)) {
      throw new DataError(`${source.name}: found no 'DICM' after 128 bytes, expected a DICOM file.`);
    }
    const isWhole = size >= source.size || size >= mostHeaderBytes;
    try {
      const instance = await parseBytes(source, bytes, limits);
      if (instance.pixels !== undefined || isWhole) return instance;
    } catch (error) {
      if (error instanceof DataError) throw error;
      // The parser may have met the end of what was read.
      if (isWhole) {
        throw new DataError(`${source.name}: found damaged elements, expected a DICOM file.`, { cause: error });
      }
    }
  }
}

async function parseBytes(source: DicomSource, bytes: Uint8Array, limits: DicomLimits): Promise<DicomInstance> {
  const end = endOfMeta(bytes);
  // Without the bytes behind it: the parser would look at an element in another encoding.
  const meta = dicomParser.readPart10Header(end === undefined ? bytes : bytes.subarray(0, end)) as DataSet & {
    position: number;
  };
  const transferSyntax = text(meta, tags.transferSyntax);
  if (transferSyntax === undefined) {
    throw new DataError(`${source.name}: found no transfer syntax, expected the encoding of the file.`);
  }
  const start = end ?? meta.position;
  if (transferSyntax !== deflated) {
    return describe(source, parseElements(bytes, start, transferSyntax, meta), transferSyntax);
  }
  const packed = await source.read(start, source.size);
  const rest = await inflate(packed, limits.maxBytes ?? defaultLimit, source.name);
  const whole = new Uint8Array(start + rest.length);
  whole.set(bytes.subarray(0, start));
  whole.set(rest, start);
  return describe(bytesSource(source.name, whole), parseElements(whole, start, transferSyntax, meta), transferSyntax);
}

/** Where the file's meta information ends, as its first element says. */
function endOfMeta(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLength = bytes.length >= 144 && view.getUint32(132, true) === 0x0002 && view.getUint16(136) === 0x554c;
  const end = isLength ? 144 + view.getUint32(140, true) : Infinity;
  return end <= bytes.length ? end : undefined;
}

type DataSetClass = new (parser: ByteArrayParser, bytes: Uint8Array, elements: DataSet['elements']) => DataSet;

function parseElements(bytes: Uint8Array, start: number, transferSyntax: string, meta: DataSet): DataSet {
  const { DataSet: DataSetOf } = dicomParser as unknown as { DataSet: DataSetClass };
  const parser =
    transferSyntax === bigEndian ? dicomParser.bigEndianByteArrayParser : dicomParser.littleEndianByteArrayParser;
  const stream = new dicomParser.ByteStream(parser, bytes, start);
  const dataSet = new DataSetOf(parser, bytes, {});
  dataSet.warnings = [];
  const options = { untilTag: tags.pixelData };
  if (transferSyntax === implicit) dicomParser.parseDicomDataSetImplicit(dataSet, stream, bytes.length, options);
  else dicomParser.parseDicomDataSetExplicit(dataSet, stream, bytes.length, options);
  Object.assign(dataSet.elements, meta.elements);
  return dataSet;
}

function describe(source: DicomSource, dataSet: DataSet, transferSyntax: string): DicomInstance {
  const element = dataSet.elements[tags.pixelData];
  const whole = (tag: string): number | undefined => {
    const value = firstDecimal(dataSet, tag);
    return value === undefined ? undefined : Math.trunc(value);
  };
  return {
    name: source.name,
    source,
    dataSet,
    transferSyntax,
    // A directory has it in the meta information only.
    sopClass: text(dataSet, tags.sopClass) ?? text(dataSet, 'x00020002') ?? '',
    sopInstance: text(dataSet, tags.sopInstance) ?? '',
    study: text(dataSet, tags.study) ?? '',
    series: text(dataSet, tags.series) ?? '',
    frameOfReference: text(dataSet, tags.frameOfReference),
    modality: text(dataSet, tags.modality) ?? '',
    seriesNumber: whole(tags.seriesNumber),
    seriesDescription: decodedText(dataSet, tags.seriesDescription),
    instanceNumber: whole(tags.instanceNumber),
    rows: uint16(dataSet, tags.rows) ?? 0,
    columns: uint16(dataSet, tags.columns) ?? 0,
    frames: Math.max(1, whole(tags.frames) ?? 1),
    position: decimals(dataSet, tags.position, 3) as [number, number, number] | undefined,
    orientation: decimals(dataSet, tags.orientation, 6),
    spacing: decimals(dataSet, tags.pixelSpacing, 2) as [number, number] | undefined,
    pixels: element && {
      offset: element.dataOffset,
      length: element.hadUndefinedLength ? undefined : element.length,
    },
  };
}

/** The encodings of texts that have one byte, or UTF-8, by DICOM's name. */
const encodings: Readonly<Record<string, string>> = {
  ISO_IR_192: 'utf-8',
  ISO_IR_100: 'latin1',
  ISO_IR_101: 'iso-8859-2',
  ISO_IR_109: 'iso-8859-3',
  ISO_IR_110: 'iso-8859-4',
  ISO_IR_144: 'iso-8859-5',
  ISO_IR_127: 'iso-8859-6',
  ISO_IR_126: 'iso-8859-7',
  ISO_IR_138: 'iso-8859-8',
  ISO_IR_148: 'iso-8859-9',
  ISO_IR_13: 'shift_jis',
  GB18030: 'gb18030',
  GBK: 'gbk',
};

/** A text in the character set that the file names. */
function decodedText(dataSet: DataSet, tag: string): string | undefined {
  const element = dataSet.elements[tag];
  if (element === undefined || element.length === 0) return undefined;
  const set = text(dataSet, tags.characterSet, 0)?.replaceAll(' ', '_') ?? '';
  const bytes = dataSet.byteArray.subarray(element.dataOffset, element.dataOffset + element.length);
  return new TextDecoder(encodings[set] ?? 'latin1').decode(bytes).replaceAll('\0', '').trim() || undefined;
}
