import { OptionError } from '@interseg/errors';
import { defaultColor, type Color } from './cielab.ts';
import { checkTerm, findTerms, unspecifiedTerms, type CodedTerm, type SegmentTerms } from './terms.ts';

/** How segments came about (PS3.3, section C.8.20.2). */
export const algorithmTypes = ['AUTOMATIC', 'SEMIAUTOMATIC', 'MANUAL'] as const;

/** What DICOM SEG says of a segment. Segments have numbers from 1, in their order. */
export interface Segment extends SegmentTerms {
  /** The name, of at most 64 characters. */
  readonly label: string;
  /** The values of a label map that belong to the segment. Segments that share values overlap. */
  readonly values: readonly number[];
  /** More about it. */
  readonly description?: string;
  /** How to draw it. */
  readonly color: Color;
  readonly algorithmType: (typeof algorithmTypes)[number];
  /** What made it, of at most 64 characters; empty for one that was drawn by hand. */
  readonly algorithmName: string;
}

/** What may be said of a class, by those who know better than the table of terms. */
export interface SegmentNotes {
  /** The name of the class. */
  readonly label: string;
  /** Label values, where the class has others than its own. */
  readonly values?: readonly number[];
  /** The type, or a name that {@link findTerms} knows. */
  readonly type?: CodedTerm | string;
  readonly category?: CodedTerm;
  readonly modifier?: CodedTerm;
  readonly description?: string;
  readonly color?: Color;
  readonly algorithmType?: Segment['algorithmType'];
  readonly algorithmName?: string;
}

/** Segments of classes, and of which nothing is known. */
export interface DescribedSegments {
  readonly segments: Segment[];
  /** The labels of those without a code: they are said to be tissue. */
  readonly unknown: string[];
}

/**
 * The segments of classes: terms of their names from the table, colours in turn, and what notes say instead.
 *
 * @param notes one entry for each class of which more is known; others may be left out
 * @param algorithmName what made them, unless the notes say
 * @throws OptionError if a note is of no class, or has a name that the table does not know
 */
export function describeSegments(
  classes: readonly { readonly name: string; readonly values: readonly number[] }[],
  notes: readonly SegmentNotes[] = [],
  algorithmName = 'InterSeg',
): DescribedSegments {
  const stray = notes.find(({ label }) => !classes.some(({ name }) => name === label));
  if (stray) {
    const names = classes.map(({ name }) => name).join(', ');
    throw new OptionError(`segments: found ${stray.label}, which is no class, expected some of ${names}.`);
  }
  const unknown: string[] = [];
  const segments = classes.map(({ name, values }, index): Segment => {
    const { type, ...note } = notes.find(({ label }) => label === name) ?? { label: name };
    const found = findTerms(typeof type === 'string' ? type : name);
    if (typeof type === 'string' && !found) {
      throw new OptionError(
        `segments: found ${type} as the type of ${name}, expected a name that has a code, or an object with value, scheme and meaning.`,
      );
    }
    const hasType = found !== undefined || typeof type === 'object';
    if (!hasType) unknown.push(name);
    const color = defaultColor(index + 1);
    return {
      ...{ values, color, algorithmType: 'AUTOMATIC', algorithmName },
      // A type of its own says nothing about the side of the one in the table.
      ...(typeof type === 'object'
        ? { category: (found ?? unspecifiedTerms).category, type }
        : (found ?? unspecifiedTerms)),
      ...note,
    };
  });
  return { segments, unknown };
}

/** @throws OptionError if DICOM cannot hold what a segment says */
export function checkSegments(segments: readonly Segment[]): void {
  if (segments.length === 0 || segments.length > 65535) {
    throw new OptionError(`segments: found ${segments.length}, expected 1 to 65535.`);
  }
  for (const { label, values, category, type, modifier, color, algorithmType, algorithmName } of segments) {
    if (label === '' || label.length > 64 || label.includes('\\')) {
      throw new OptionError(`segments: found the label '${label}', expected 1 to 64 characters and no backslash.`);
    }
    const wrong = values.find((value) => !Number.isInteger(value) || value < 1 || value > 65535);
    if (wrong !== undefined) {
      throw new OptionError(
        `segment ${label}: found the label value ${wrong}, expected whole numbers from 1 to 65535.`,
      );
    }
    checkTerm(category, `segment ${label}, category`);
    checkTerm(type, `segment ${label}, type`);
    if (modifier) checkTerm(modifier, `segment ${label}, modifier`);
    if (color.length !== 3 || !color.every((part) => part >= 0 && part <= 255)) {
      throw new OptionError(
        `segment ${label}: found the colour ${color.join(', ')}, expected three numbers from 0 to 255.`,
      );
    }
    if (!algorithmTypes.includes(algorithmType)) {
      throw new OptionError(
        `segment ${label}: found the algorithm type ${String(algorithmType)}, expected ${algorithmTypes.join(', ')}.`,
      );
    }
    if (algorithmType !== 'MANUAL' && algorithmName === '') {
      throw new OptionError(
        `segment ${label}: found no algorithm name, expected one, as the segment is not drawn by hand.`,
      );
    }
  }
}
