import { hostname } from 'node:os';
import { rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isInputError } from '@interseg/errors';
import { exists, makeFolder, readJsonObject, writeJson } from '@interseg/files';
import type { PlannedRun } from './sweep-configuration.ts';
import type { ComparisonFolder } from './sweep-folder.ts';

/** `failure.json`: why the last attempt at a run failed. */
export interface RunFailure {
  message: string;
  /** Whether an option or a file is at fault: another attempt would fail as this one did, so there is none by itself. */
  badInput: boolean;
  /** When: ISO 8601, UTC. */
  date: string;
  host: string;
  /** How many attempts have failed, this one included. */
  attempts: number;
}

/** Why the last attempt at a run failed, if it did. A file that cannot be read is no reason not to try again. */
export async function readFailure(folder: ComparisonFolder, run: PlannedRun): Promise<RunFailure | undefined> {
  const path = folder.failure(run);
  if (!(await exists(path))) return undefined;
  const { message, badInput, date, host, attempts } = await readJsonObject(path, 'the failure of a run').catch(
    (): Record<string, unknown> => ({}),
  );
  return {
    message: typeof message === 'string' ? message : `${path} cannot be read.`,
    badInput: badInput === true,
    date: String(date),
    host: String(host),
    attempts: Number(attempts) || 1,
  };
}

/** Notes that an attempt at a run failed. */
export async function writeFailure(folder: ComparisonFolder, run: PlannedRun, error: unknown): Promise<void> {
  const before = await readFailure(folder, run);
  const path = folder.failure(run);
  const failure: RunFailure = {
    message: error instanceof Error ? error.message : String(error),
    badInput: isInputError(error),
    date: new Date().toISOString(),
    host: hostname(),
    attempts: (before?.attempts ?? 0) + 1,
  };
  await makeFolder(dirname(path));
  await writeJson(path, failure);
}

/** Forgets that a run failed, so that it is tried again. */
export async function clearFailure(folder: ComparisonFolder, run: PlannedRun): Promise<void> {
  const path = folder.failure(run);
  await rm(path, { force: true });
  // Of a run that never began nothing else is there; fails, as it should, where the folder holds one.
  await rmdir(dirname(path)).catch(() => undefined);
}
