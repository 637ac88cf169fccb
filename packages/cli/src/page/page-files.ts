import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pageFolder } from '@interseg/viewer';

/** The built page. */
export interface PageFiles {
  /** The folder with them. */
  folder: string;
  /** Their paths in the folder, with `/`. */
  names: readonly string[];
  /** The content security policy that the page has. */
  policy: string;
}

/**
 * Finds the page that segments scans in a browser.
 *
 * @param folder that of `@interseg/viewer` unless told
 */
export async function findPage(folder = pageFolder): Promise<PageFiles> {
  const start = await readFile(join(folder, 'index.html'), 'utf8').catch((error: unknown) => {
    throw new Error(`${folder}: found no page, expected the one that 'npm run build' makes of @interseg/viewer.`, {
      cause: error,
    });
  });
  const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(start)?.[1];
  if (policy === undefined) throw new Error(`${folder}: found a page without a content security policy, expected one.`);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(join(folder, '/').length).replaceAll('\\', '/'));
  return { folder, names: names.sort(), policy };
}
