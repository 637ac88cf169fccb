import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readNifti } from '@interseg/nifti';
import { expect, it } from 'vitest';
import { interseg, temporaryFolder } from './support.ts';

const folder = await temporaryFolder();

it('the example of the README works, command by command', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const [, example] = /## Example\n\n```sh\n([^]*?)```/.exec(readme)!;
  const commands = example!.trim().split('\n');
  expect(commands.length).toBeGreaterThan(3);
  for (const command of commands) {
    const [name, ...commandLine] = command.split(' ');
    expect(name).toBe('interseg');
    const { status, stderr } = await interseg(commandLine, { cwd: folder });
    expect(status, `${command}\n${stderr}`).toBe(0);
  }
  await access(join(folder, 'run', 'report.html'));
  expect((await readNifti(join(folder, 'mask.nii.gz'))).shape).toEqual([64, 64, 16]);
});
