import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { expect, it, vi } from 'vitest';

it('the example of the README prints what its comments say', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n([\s\S]*?)```/.exec(readme)![1]!;
  const folder = new URL('../test-results/', import.meta.url);
  await mkdir(folder, { recursive: true });
  const file = new URL('readme-example.ts', folder);
  await writeFile(file, example);
  const log = vi.spyOn(console, 'log');
  await import(/* @vite-ignore */ file.pathname);
  const printed = log.mock.calls.map((call) => call.join(' '));
  log.mockRestore();
  const promised = [...example.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map((match) => match[1]);
  expect(promised.length).toBeGreaterThan(0);
  expect(printed).toEqual(promised);
});
