import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

/** The kilobytes that some exports add to a page, minified and compressed; 1 kB is 1000 bytes. */
async function kilobytes(exported: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: `export ${exported} from './src/browser.ts';`, resolveDir: root },
    conditions: ['@interseg/source', 'browser'],
    platform: 'browser',
    format: 'esm',
    bundle: true,
    minify: true,
    write: false,
  });
  return gzipSync(outputFiles[0]!.contents, { level: 9 }).length / 1000;
}

it('is as small in a browser as the README says, and needs nothing of Node', async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const [, all, reading] = /the package adds (\d+) kB, and `readNifti` alone (\d+) kB/.exec(
    readme.replace(/\s+/g, ' '),
  )!;
  expect(Math.round(await kilobytes('*'))).toBe(Number(all));
  expect(Math.round(await kilobytes('{ readNifti }'))).toBe(Number(reading));
});
