import { OptionError } from '@interseg/errors';
import type { Attributes } from './attributes.ts';
import { decimalString } from './decimal-string.ts';
import { dictionary, tagName, type Keyword, type ValueRepresentation } from './dictionary.ts';

/** Bytes in pieces, so that the voxels of a large object are copied once. */
interface Pieces {
  readonly pieces: readonly Uint8Array[];
  readonly length: number;
}

/** Those with a length of 32 bits (PS3.5, section 7.1.2). */
const longForms: ReadonlySet<ValueRepresentation> = new Set(['OB', 'SQ', 'UC', 'UR', 'UT']);
/** Those that hold one text, in which a backslash separates nothing. */
const singleTexts: ReadonlySet<ValueRepresentation> = new Set(['LT', 'ST', 'UR', 'UT']);
/** The most characters of one value, where there is a limit (PS3.5, table 6.2-1). */
const longest: Partial<Record<ValueRepresentation, number>> = {
  ...{ AS: 4, CS: 16, DA: 8, DS: 16, IS: 12, LO: 64, LT: 10240, SH: 16, ST: 1024, TM: 16, UI: 64 },
};
/** Bytes of a number. */
const sizes = { US: 2, UL: 4, AT: 4, FD: 8 } as const;

/**
 * Encodes a data set as explicit VR little endian, with lengths of sequences and items, and texts in UTF-8: its
 * `SpecificCharacterSet` has to be `ISO_IR 192` if a text is more than ASCII.
 *
 * @throws OptionError if a value is longer than its representation allows, or is none of it
 */
export function encodeDataSet(attributes: Attributes): Uint8Array<ArrayBuffer> {
  const { pieces, length } = dataSet(attributes);
  const bytes = new Uint8Array(length);
  let position = 0;
  for (const piece of pieces) {
    bytes.set(piece, position);
    position += piece.length;
  }
  return bytes;
}

function dataSet(attributes: Attributes): Pieces {
  const keywords = (Object.keys(attributes) as Keyword[]).filter((keyword) => attributes[keyword] !== undefined);
  keywords.sort((a, b) => dictionary[a][0] - dictionary[b][0]);
  return join(keywords.map((keyword) => element(keyword, attributes[keyword])));
}

function element(keyword: Keyword, value: Attributes[Keyword]): Pieces {
  const [tag, representation] = dictionary[keyword];
  const content = valueField(keyword, representation, value);
  const isLong = longForms.has(representation);
  if (!isLong && content.length > 0xfffe) {
    throw new OptionError(`${named(keyword)}: found ${content.length} bytes, expected at most 65534.`);
  }
  const head = header(tag, isLong ? 12 : 8);
  head.setUint8(4, representation.charCodeAt(0));
  head.setUint8(5, representation.charCodeAt(1));
  if (isLong) head.setUint32(8, content.length, true);
  else head.setUint16(6, content.length, true);
  return join([piece(new Uint8Array(head.buffer)), content]);
}

function valueField(keyword: Keyword, representation: ValueRepresentation, value: unknown): Pieces {
  if (representation === 'SQ') return join((value as readonly Attributes[]).map(item));
  if (value instanceof Uint8Array) return piece(value.length % 2 === 0 ? value : padded(value, 0));
  const values = (Array.isArray(value) ? value : [value]) as readonly (string | number)[];
  switch (representation) {
    case 'US':
    case 'UL':
    case 'FD':
      return piece(numbers(keyword, representation, values));
    case 'AT':
      return piece(tags(values as readonly Keyword[]));
    default:
      return piece(texts(keyword, representation, values));
  }
}

function item(attributes: Attributes): Pieces {
  const content = dataSet(attributes);
  const head = header(0xfffee000, 8);
  head.setUint32(4, content.length, true);
  return join([piece(new Uint8Array(head.buffer)), content]);
}

function texts(
  keyword: Keyword,
  representation: ValueRepresentation,
  values: readonly (string | number)[],
): Uint8Array {
  const limit = longest[representation];
  const written = values.map((value) => {
    const text = typeof value === 'string' ? value : numberText(keyword, representation, value);
    // Components of names (alphabetic, ideographic, phonetic) have 64 characters each.
    const parts = representation === 'PN' ? text.split('=') : [text];
    const most = representation === 'PN' ? 64 : limit;
    const tooLong = parts.find((part) => most !== undefined && [...part].length > most);
    if (tooLong !== undefined) {
      throw new OptionError(
        `${named(keyword)}: found ${[...tooLong].length} characters ('${tooLong.slice(0, 20)}…'), expected at most ${most}.`,
      );
    }
    if (text.includes('\\') && !singleTexts.has(representation)) {
      throw new OptionError(
        `${named(keyword)}: found a backslash in '${text}', which separates values, expected none.`,
      );
    }
    return text;
  });
  const bytes = new TextEncoder().encode(written.join('\\'));
  return bytes.length % 2 === 0 ? bytes : padded(bytes, representation === 'UI' ? 0 : 0x20);
}

function numberText(keyword: Keyword, representation: ValueRepresentation, value: number): string {
  if (representation !== 'IS') return decimalString(value);
  if (Number.isInteger(value) && Math.abs(value) <= 2 ** 31 - 1) return String(value);
  throw new OptionError(`${named(keyword)}: found ${value}, expected a whole number of 32 bits.`);
}

function numbers(keyword: Keyword, representation: 'US' | 'UL' | 'FD', values: readonly unknown[]): Uint8Array {
  const size = sizes[representation];
  const view = new DataView(new ArrayBuffer(size * values.length));
  values.forEach((value, index) => {
    const isWhole = Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** (8 * size);
    if (representation !== 'FD' && !isWhole) {
      throw new OptionError(`${named(keyword)}: found ${String(value)}, expected a whole number of ${8 * size} bits.`);
    }
    if (representation === 'US') view.setUint16(index * size, value as number, true);
    else if (representation === 'UL') view.setUint32(index * size, value as number, true);
    else view.setFloat64(index * size, value as number, true);
  });
  return new Uint8Array(view.buffer);
}

function tags(keywords: readonly Keyword[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(sizes.AT * keywords.length));
  keywords.forEach((keyword, index) => setTag(view, sizes.AT * index, dictionary[keyword][0]));
  return new Uint8Array(view.buffer);
}

/** The beginning of an element or item: its tag, and room for what follows. */
function header(tag: number, length: number): DataView<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(length));
  setTag(view, 0, tag);
  return view;
}

function setTag(view: DataView, offset: number, tag: number): void {
  view.setUint16(offset, tag >>> 16, true);
  view.setUint16(offset + 2, tag & 0xffff, true);
}

function padded(bytes: Uint8Array, by: number): Uint8Array {
  const even = new Uint8Array(bytes.length + 1).fill(by);
  even.set(bytes);
  return even;
}

const named = (keyword: Keyword): string => `${keyword} ${tagName(keyword)}`;
const piece = (bytes: Uint8Array): Pieces => ({ pieces: [bytes], length: bytes.length });

function join(parts: readonly Pieces[]): Pieces {
  return {
    pieces: parts.flatMap(({ pieces }) => pieces),
    length: parts.reduce((sum, { length }) => sum + length, 0),
  };
}
