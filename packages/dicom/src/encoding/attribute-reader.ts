import type { DataSet, Element } from 'dicom-parser';
import type { Attributes } from './attributes.ts';
import { decodeText } from './character-set.ts';
import { dictionary, type Keyword, type ValueRepresentation } from './dictionary.ts';

/** Those whose texts follow `SpecificCharacterSet`; all others are ASCII (PS3.5, section 6.1.2.2). */
const inCharacterSet: ReadonlySet<ValueRepresentation> = new Set(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT']);
const singleTexts: ReadonlySet<ValueRepresentation> = new Set(['LT', 'ST', 'UR', 'UT']);
const sizes: Partial<Record<ValueRepresentation, number>> = { US: 2, UL: 4, FD: 8 };

const keywords = new Map<string, Keyword>(
  (Object.keys(dictionary) as Keyword[]).map((keyword) => [elementName(keyword), keyword]),
);

/**
 * Reads values of a data set of `dicom-parser` by keyword, whatever its transfer syntax, with texts in the character set
 * that it names. Absent and empty attributes have no values.
 */
export class AttributeReader {
  readonly #dataSet: DataSet;
  readonly #characterSets: readonly string[];

  /** @param characterSets those of the data set around an item, where it has none of its own */
  constructor(dataSet: DataSet, characterSets: readonly string[] = []) {
    this.#dataSet = dataSet;
    this.#characterSets = characterSets;
    if (this.has('SpecificCharacterSet')) {
      // An empty first value stands for ASCII, so it counts.
      this.#characterSets = this.#text('SpecificCharacterSet').split('\\').map(trimmed);
    }
  }

  /** Whether the attribute is there, even without a value. */
  has(keyword: Keyword): boolean {
    return this.#element(keyword) !== undefined;
  }

  /** The values of a text, without the spaces around them. */
  texts(keyword: Keyword): string[] {
    const text = this.#text(keyword);
    const values = singleTexts.has(dictionary[keyword][1]) ? [text] : text.split('\\');
    const read = values.map(trimmed);
    return read.every((value) => value === '') ? [] : read;
  }

  /** The first value of a text. */
  text(keyword: Keyword): string | undefined {
    return this.texts(keyword)[0];
  }

  /** The values of a number, in binary or as decimal or integer strings. */
  numbers(keyword: Keyword): number[] {
    const representation = dictionary[keyword][1];
    const size = sizes[representation];
    if (size === undefined) return this.texts(keyword).map(Number);
    const element = this.#element(keyword);
    const count = element === undefined ? 0 : Math.floor(this.#bytesOf(element).length / size);
    return Array.from({ length: count }, (_, index) => this.#number(keyword, representation, index));
  }

  /** The first value of a number. */
  number(keyword: Keyword): number | undefined {
    return this.numbers(keyword)[0];
  }

  /** The items of a sequence. */
  items(keyword: Keyword): AttributeReader[] {
    const items = this.#element(keyword)?.items ?? [];
    return items.flatMap(({ dataSet }) => (dataSet ? [new AttributeReader(dataSet, this.#characterSets)] : []));
  }

  /** The bytes of a value, which are shared with the file. */
  bytes(keyword: Keyword): Uint8Array {
    const element = this.#element(keyword);
    return element ? this.#bytesOf(element) : new Uint8Array(0);
  }

  /**
   * The values of attributes, for a data set to write.
   *
   * @param which defaults to all that the dictionary knows; others are left out
   */
  attributes(which: Iterable<Keyword> = this.#known()): Attributes {
    return Object.fromEntries([...which].filter((keyword) => this.has(keyword)).map((k) => [k, this.#value(k)]));
  }

  #known(): Keyword[] {
    return Object.keys(this.#dataSet.elements).flatMap((name) => keywords.get(name) ?? []);
  }

  #value(keyword: Keyword): unknown {
    const representation = dictionary[keyword][1];
    if (representation === 'SQ') return this.items(keyword).map((item) => item.attributes());
    if (representation === 'OB') return this.bytes(keyword);
    return sizes[representation] === undefined ? this.texts(keyword) : this.numbers(keyword);
  }

  #element(keyword: Keyword): Element | undefined {
    return this.#dataSet.elements[elementName(keyword)];
  }

  #bytesOf({ dataOffset, length }: Element): Uint8Array {
    return this.#dataSet.byteArray.subarray(dataOffset, dataOffset + length);
  }

  #text(keyword: Keyword): string {
    const element = this.#element(keyword);
    if (!element) return '';
    const representation = dictionary[keyword][1];
    const sets = inCharacterSet.has(representation) ? this.#characterSets : [];
    return decodeText(this.#bytesOf(element), sets, representation === 'PN' ? '\\^=' : undefined);
  }

  #number(keyword: Keyword, representation: ValueRepresentation, index: number): number {
    const name = elementName(keyword);
    if (representation === 'FD') return this.#dataSet.double(name, index)!;
    return representation === 'US' ? this.#dataSet.uint16(name, index)! : this.#dataSet.uint32(name, index)!;
  }
}

/** How `dicom-parser` names an element. */
function elementName(keyword: Keyword): string {
  return `x${dictionary[keyword][0].toString(16).padStart(8, '0')}`;
}

/** Without spaces and zeros around it: spaces fill a value up, and some writers do that with zeros. */
function trimmed(text: string): string {
  return text.replace(/^ +|[ \0]+$/g, '');
}
