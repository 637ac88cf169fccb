import { access } from 'node:fs/promises';
import { isInputError } from '@interseg/errors';
import { readJsonObject } from '@interseg/files';

/** Reads a JSON file that may be missing. @throws DataError when the file exists but is not a JSON object */
export async function readJsonIfPresent(path: string, expected: string): Promise<Record<string, unknown> | undefined> {
  const isPresent = await access(path).then(
    () => true,
    () => false,
  );
  return isPresent ? readJsonObject(path, expected) : undefined;
}

/** Returns what `attempt` returns. Where it fails because of its input, adds a note and returns nothing. */
export async function orNote<T>(notes: string[], what: string, attempt: () => Promise<T>): Promise<T | undefined> {
  try {
    return await attempt();
  } catch (error) {
    if (!isInputError(error)) throw error;
    notes.push(`${what}: ${error.message}`);
    return undefined;
  }
}
