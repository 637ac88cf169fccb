import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** The rows of a history without the seconds, which no seed decides. */
export async function historyOf(run: string): Promise<string[]> {
  const csv = await readFile(join(run, 'history.csv'), 'utf8');
  return csv
    .trimEnd()
    .split('\n')
    .map((row) => row.slice(0, row.lastIndexOf(',')));
}

/** A comparison without what times decide. */
export async function numbersOf(out: string): Promise<unknown> {
  const text = await readFile(join(out, 'comparison.json'), 'utf8');
  return JSON.parse(text, (key, value: unknown) => (/second|time/i.test(key) ? undefined : value));
}

/** Every file below a folder, temporary ones left out. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.tmp'))
    .map((entry) => join(entry.parentPath, entry.name));
}

/**
 * Reads every file of a run to its end, whatever the moment at which the run was stopped, by means of its own: JSON, tables,
 * compressed images and the digests of weights.
 *
 * @returns the epochs that the last checkpoint counts as done, 0 where there is none
 * @throws Error for a file that is torn
 */
export async function checkRunFolder(run: string): Promise<number> {
  for (const path of await filesBelow(run)) {
    const bytes = await readFile(path);
    if (path.endsWith('.json')) JSON.parse(bytes.toString());
    if (path.endsWith('.nii.gz')) gunzipSync(bytes);
    if (path.endsWith('.html') && !bytes.toString().trimEnd().endsWith('</html>')) throw new Error(`${path} is torn`);
    if (path.endsWith('.csv')) checkTable(path, bytes.toString());
  }
  await checkCheckpoint(join(run, 'checkpoint', 'best'));
  return checkCheckpoint(join(run, 'checkpoint', 'last'));
}

function checkTable(path: string, text: string): void {
  const [header = '', ...rows] = text.trimEnd().split('\n');
  const columns = header.split(',').length;
  const isWhole = text.endsWith('\n') && rows.every((row) => row.split(',').length === columns);
  if (!isWhole) throw new Error(`${path} is torn`);
}

async function checkCheckpoint(folder: string): Promise<number> {
  const text = await readFile(join(folder, 'checkpoint.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return 0;
  const { weights, state } = JSON.parse(text) as {
    weights: { file: string; sha256: string };
    state: { epoch: number; history: unknown[] };
  };
  const found = createHash('sha256')
    .update(await readFile(join(folder, weights.file)))
    .digest('hex');
  if (found !== weights.sha256) throw new Error(`${weights.file} is torn`);
  if (state.history.length !== state.epoch - 1) throw new Error(`${folder}: the history is not that of its epochs`);
  return state.history.length;
}
