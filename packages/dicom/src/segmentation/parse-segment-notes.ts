import { DataError } from '@interseg/errors';
import { algorithmTypes, type SegmentNotes } from './segment.ts';

/** What each entry may have: a check, and what is expected in words. */
const parts: Readonly<Record<string, [check: (value: unknown) => boolean, expected: string]>> = {
  label: [isText, 'a text'],
  values: [(value) => isNumbers(value) && value.every((v) => Number.isInteger(v) && v > 0), 'whole numbers above 0'],
  type: [(value) => isText(value) || isTerm(value), 'a known name, or an object with value, scheme and meaning'],
  category: [isTerm, 'an object with value, scheme and meaning'],
  modifier: [isTerm, 'an object with value, scheme and meaning'],
  description: [isText, 'a text'],
  color: [
    (value) => isNumbers(value) && value.length === 3 && value.every((part) => part >= 0 && part <= 255),
    'three numbers from 0 to 255',
  ],
  algorithmType: [(value) => algorithmTypes.some((type) => type === value), algorithmTypes.join(', ')],
  algorithmName: [isText, 'a text'],
};

/**
 * Checks notes on segments that came from a file: a list such as `[{ "label": "spot", "type": "lesion" }]`.
 *
 * @param name the file, for errors
 * @throws DataError naming the first entry that is not as it should be
 */
export function parseSegmentNotes(content: unknown, name: string): SegmentNotes[] {
  if (!Array.isArray(content)) {
    throw new DataError(`${name}: found no list, expected one with an object for each segment.`);
  }
  content.forEach((entry: unknown, index) => {
    const where = `${name}: found entry ${index + 1}`;
    if (typeof entry !== 'object' || entry === null || !('label' in entry)) {
      throw new DataError(`${where} without a label, expected an object that names its class.`);
    }
    for (const [key, value] of Object.entries(entry)) {
      if (!Object.hasOwn(parts, key)) {
        throw new DataError(`${where} with ${key}, expected only ${Object.keys(parts).join(', ')}.`);
      }
      const [check, expected] = parts[key]!;
      if (!check(value)) {
        throw new DataError(`${where} with the ${key} ${JSON.stringify(value)}, expected ${expected}.`);
      }
    }
  });
  return content as SegmentNotes[];
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every((part) => typeof part === 'number');
}

function isTerm(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const term = value as Record<string, unknown>;
  return ['value', 'scheme', 'meaning'].every((part) => isText(term[part])) && Object.keys(term).length === 3;
}
