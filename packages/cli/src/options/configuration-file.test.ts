import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfigurationFile } from './configuration-file.ts';
import { runOptions } from './run-options.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'interseg-configuration-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('executes nothing, whatever plugins or tags of YAML it names', async () => {
  const touched = '__intersegTouched';
  await writeFile(join(folder, 'plugin.mjs'), `globalThis.${touched} = true; export default {};`);
  const path = join(folder, 'run.yaml');
  await writeFile(path, `data: !!js/function 'globalThis.${touched} = true'\nplugins: [./plugin.mjs]\n`);
  expect(await readConfigurationFile(path, runOptions)).toEqual({
    data: join(folder, `globalThis.${touched} = true`),
    plugins: [join(folder, 'plugin.mjs')],
  });
  expect(globalThis).not.toHaveProperty(touched);
});

it('refuses keys that would change objects, and lists that grow without end', async () => {
  const path = join(folder, 'run.yaml');
  await writeFile(path, '__proto__: { data: elsewhere }\n');
  await expect(readConfigurationFile(path, runOptions)).rejects.toThrow("unknown option '__proto__'");
  const level = (n: number): string => `a${n}: &a${n} [${Array.from({ length: 9 }, () => `*a${n - 1}`).join(', ')}]`;
  await writeFile(path, ['a0: &a0 [x]', ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map(level)].join('\n'));
  await expect(readConfigurationFile(path, runOptions)).rejects.toThrow('run.yaml: Excessive alias count');
});
