import type { DataSet } from '@interseg/data';
import { DataError } from '@interseg/errors';
import { exists, readJsonObject, writeJson } from '@interseg/files';
import { digestOfData, type DataDigest } from './data-digest.ts';
import type { RunFolder } from './run-folder.ts';
import type { RunHooks } from './run-hooks.ts';

/**
 * Writes `environment.json`: with what this process works on the run, and on which data; what it says about earlier
 * processes moves into the list `earlier`, the first one first. Data that have changed since then are reported by `onNote`.
 */
export async function writeEnvironment(
  folder: RunFolder,
  { engine, environment, onNote }: RunHooks,
  dataset: DataSet,
): Promise<void> {
  const data = await digestOfData(dataset);
  const before = (await exists(folder.environment)) ? await readEnvironment(folder.environment) : undefined;
  const { earlier = [], ...last } = before ?? {};
  const digest = (last as { data?: DataDigest }).data?.sha256;
  if (digest !== undefined && digest !== data.sha256) {
    onNote?.(
      `${dataset.folder} holds other data than when the run was worked on last; the history is no longer that of one data set`,
    );
  }
  const history = before ? { earlier: [...(earlier as object[]), last] } : {};
  await writeJson(folder.environment, { engine, ...environment, data, ...history });
}

/** One that is damaged is no reason not to go on. */
async function readEnvironment(path: string): Promise<Record<string, unknown> | undefined> {
  return readJsonObject(path, 'the environment of a run').catch((error: unknown) => {
    if (error instanceof DataError) return undefined;
    throw error;
  });
}
