import { copyFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileError, makeFolder, writeAtomically } from '@interseg/files';
import { UsageError } from '../errors/usage-error.ts';
import { isolationHeaders } from './page-headers.ts';
import type { PageFiles } from './page-files.ts';
import { indexOf } from './page-model.ts';

/** Tells a page that was written before from any other folder. */
const mark = 'service-worker.js';

/** Where the report of a run expects a page with its model. */
export function pageInRun(run: string): string {
  return join(run, 'page');
}

/** @throws UsageError when a folder has something else than an earlier page */
export async function checkPageFolder(folder: string): Promise<void> {
  const found = await readdir(folder).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    throw fileError(folder, error, 'a folder for the page');
  });
  if (found.length === 0 || (found.includes(mark) && found.includes('index.html'))) return;
  throw new UsageError(`--page: found files in ${folder}, expected a new folder, or one with an earlier page.`);
}

/**
 * Writes the page into a folder that any static host can serve. What hosts that read a file `_headers` are to send is in it;
 * anywhere else the page's service worker does without.
 *
 * @param model its folder in the page, already written
 * @param name of the model, for people
 */
export async function writePage(
  folder: string,
  page: PageFiles,
  { model, name }: { model: string; name: string },
): Promise<void> {
  await writeWhole(join(model, 'index.json'), await indexOf(model, name));
  const headers = Object.entries(isolationHeaders).map(([header, value]) => `  ${header}: ${value}\n`);
  await writeWhole(join(folder, '_headers'), `/*\n${headers.join('')}`);
  // The page itself comes last: where it is, all that it needs is there.
  for (const file of [...page.names.filter((one) => one !== 'index.html'), 'index.html']) {
    const target = join(folder, file);
    await makeFolder(dirname(target));
    await writeAtomically(target, (temporary) => copyFile(join(page.folder, file), temporary));
  }
}

const writeWhole = (path: string, text: string): Promise<void> =>
  writeAtomically(path, (temporary) => writeFile(temporary, text));
