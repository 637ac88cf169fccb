import { DataError } from '@interseg/data';

/** What an attempt gives, or nothing and a note when the input is at fault. */
export async function orNote<T>(notes: string[], what: string, attempt: () => Promise<T>): Promise<T | undefined> {
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    notes.push(`${what}: ${error.message}`);
    return undefined;
  }
}
