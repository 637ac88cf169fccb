import { readFile } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { DataError } from '@interseg/errors';
import { fileError } from './file-error.ts';
import { writeAtomically } from './write-atomically.ts';

/** Takes half the time of the one of `node:fs/promises`, which counts where thousands of files are read. */
const readText = promisify(readFile);

/**
 * Reads a JSON file whose outermost value is an object.
 *
 * @param expected what the file should be, for the error
 * @throws DataError if the file is missing, is not JSON, or its value is not an object
 */
export async function readJsonObject(path: string, expected: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readText(path, 'utf8');
  } catch (error) {
    throw fileError(path, error, expected);
  }
  let value: unknown;
  try {
    // Some published data sets start with a byte order mark, which JSON.parse refuses.
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError(`${path}: broken JSON (${oneLine(reason)}), expected ${expected}.`, { cause: error });
  }
  if (!isObject(value)) throw new DataError(`${path}: found ${describeValue(value)}, expected ${expected}.`);
  return value;
}

/** Writes a value as indented JSON; the file appears when it is complete. @throws DataError as {@link writeAtomically} */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeAtomically(path, (temporary) => writeFile(temporary, jsonText(value)));
}

/** A value as {@link writeJson} writes it. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Whether a value is an object, neither an array nor null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value from JSON in a few words, for an error: `a list of 3`, `an object`, `"text"`. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isObject(value)) return 'an object';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/\.$/, '');
}
