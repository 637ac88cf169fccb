import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readNifti } from '@interseg/nifti';
import { expect, it } from 'vitest';
import { runExample, temporaryFolder } from './support.ts';

const folder = await temporaryFolder();

it('the example of the README works, command by command', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const [, example] = /## Example\n\n```sh\n([^]*?)```/.exec(readme)!;
  await runExample(example!, folder);
  await access(join(folder, 'run', 'report.html'));
  expect((await readNifti(join(folder, 'mask.nii.gz'))).shape).toEqual([64, 64, 16]);
});
