import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runExample, temporaryFolder } from './support.ts';

const folder = await temporaryFolder();

it('the commands of the guide to plans work, one after the other', async () => {
  const guide = await readFile(new URL('../../../docs/plan.md', import.meta.url), 'utf8');
  const [, example] = /```sh\n([^]*?)```/.exec(guide)!;
  await runExample(example!, folder);
  expect(await readdir(join(folder, 'masks'))).toHaveLength(8);
  // What the guide says lies in a folder of folds.
  const named = [...guide.slice(guide.indexOf('## Folds')).matchAll(/^\| (`.*?) +\|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`([^`]+)`/g)].map(([, file]) => file!),
  );
  expect(named.length).toBeGreaterThan(6);
  expect(await readdir(join(folder, 'runs', 'folds'))).toEqual(expect.arrayContaining(named));
});
