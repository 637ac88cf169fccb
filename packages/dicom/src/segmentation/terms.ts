import { OptionError } from '@interseg/errors';
import { aliases, categories, codes, sct, sides } from './codes.ts';

/** A term of a coding scheme, as DICOM has them. */
export interface CodedTerm {
  /** The code, such as `10200004`. */
  readonly value: string;
  /** The scheme's designator: `SCT` for SNOMED CT, `DCM` for DICOM's own codes. */
  readonly scheme: string;
  /** What a reader sees, such as `Liver`; at most 64 characters. */
  readonly meaning: string;
}

/** What a segment is, in coded terms. */
export interface SegmentTerms {
  /** The general kind, such as an anatomical structure (PS3.16, CID 7150). */
  readonly category: CodedTerm;
  /** What it is, such as the liver (CID 7151 and others). */
  readonly type: CodedTerm;
  /** Narrows the type, mostly left or right (CID 244). */
  readonly modifier?: CodedTerm;
}

const terms = new Map<string, SegmentTerms>();
for (const [category, entries] of Object.entries(codes)) {
  for (const [meaning, value] of Object.entries(entries)) {
    const found = { category: categories[category as keyof typeof categories], type: sct(value, meaning) };
    terms.set(meaning.toLowerCase(), found);
  }
}
for (const [alias, name] of Object.entries(aliases)) terms.set(alias, terms.get(name)!);

/** What is said of a segment of which nothing else is known: that it is tissue. */
export const unspecifiedTerms: SegmentTerms = { category: categories.tissue, type: categories.tissue };

/**
 * The terms of a common name, such as `liver`, `left kidney`, `Kidney_L` or `tumour`.
 *
 * @returns `undefined` for a name without a code in the table
 */
export function findTerms(name: string): SegmentTerms | undefined {
  const words = name
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word, index, all) =>
      index === all.length - 1 && index > 0 ? ({ l: 'left', r: 'right' }[word] ?? word) : word,
    );
  const whole = terms.get(words.join(' '));
  if (whole) return whole;
  const side = words.find((word) => Object.hasOwn(sides, word));
  const rest = words.filter((word) => word !== side).join(' ');
  const found = side === undefined ? undefined : (terms.get(rest) ?? terms.get(rest.replace(/s$/, '')));
  if (found) return { ...found, modifier: sides[side!]! };
  return side === undefined ? terms.get(words.join(' ').replace(/s$/, '')) : undefined;
}

/** The names that {@link findTerms} knows, without left and right. */
export function knownTerms(): string[] {
  return [...terms.keys()].sort();
}

/** @throws OptionError if a term lacks a part, or has one that DICOM cannot hold; `name` says whose term it is */
export function checkTerm(term: CodedTerm, name: string): void {
  for (const [part, longest] of [
    ['value', Infinity],
    ['scheme', 16],
    ['meaning', 64],
  ] as const) {
    const found: unknown = term[part];
    if (typeof found !== 'string' || found === '' || found.length > longest || found.includes('\\')) {
      const limit = longest === Infinity ? '' : ` of at most ${longest} characters`;
      throw new OptionError(`${name}: found ${JSON.stringify(found)} as ${part}, expected a text${limit}.`);
    }
  }
}
