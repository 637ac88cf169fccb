import type { dictionary, Keyword } from './dictionary.ts';

/** The value of an attribute, by its value representation; texts and numbers may be several. */
interface Values {
  text: string | readonly string[];
  number: number | readonly number[];
  /** Decimal and integer strings: numbers, or texts as they are in a file. */
  numeric: number | string | readonly (number | string)[];
  /** Tags, as the keywords of their attributes. */
  tag: Keyword | readonly Keyword[];
  bytes: Uint8Array;
  sequence: readonly Attributes[];
}

interface KindOf {
  AT: 'tag';
  DS: 'numeric';
  IS: 'numeric';
  FD: 'number';
  UL: 'number';
  US: 'number';
  OB: 'bytes';
  SQ: 'sequence';
}

type Representation<K extends Keyword> = (typeof dictionary)[K][1];
type ValueOf<R> = Values[R extends keyof KindOf ? KindOf[R] : 'text'];

/**
 * A data set by keywords, as `{ Modality: 'SEG', SegmentSequence: [{ SegmentNumber: 1 }] }`. An attribute that is
 * `undefined` is absent; an empty text or list is an attribute without a value.
 */
export type Attributes = { readonly [K in Keyword]?: ValueOf<Representation<K>> | undefined };
