import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { format } from 'node:util';
import { readmeExample, type Example } from './example.mjs';

/**
 * Runs the `ts` example of a package's README (beside `test-results`, where imports resolve as in the package) and returns
 * what it printed and what its comments promise.
 */
export async function runReadmeExample(packageFolder: string): Promise<{ printed: string[]; promised: string[] }> {
  const example = readmeExample(await readFile(join(packageFolder, 'README.md'), 'utf8'));
  if (!example) throw new Error(`${packageFolder}/README.md has no example in TypeScript.`);
  return runExample(example, join(packageFolder, 'test-results'), 'readme-example');
}

/** Runs an example as a module in a folder, which is its working directory, too. */
export async function runExample(
  { code, promised }: Example,
  folder: string,
  name: string,
): Promise<{ printed: string[]; promised: string[] }> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${name}.ts`);
  await writeFile(file, code);
  const printed: string[] = [];
  const log = console.log;
  const home = process.cwd();
  console.log = (...values: unknown[]) => void printed.push(format(...values));
  process.chdir(folder);
  try {
    await import(/* @vite-ignore */ pathToFileURL(file).href);
  } finally {
    console.log = log;
    process.chdir(home);
  }
  return { printed, promised };
}
