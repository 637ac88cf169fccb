import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readmeExample } from '../../../tools/build/example.mjs';
import { runReadmeExample } from '../../../tools/build/readme.ts';

const folder = join(import.meta.dirname, '..');

it('the example of the README prints what its comments say', async () => {
  const { printed, promised } = await runReadmeExample(folder);
  expect(promised.length).toBeGreaterThan(0);
  expect(printed).toEqual(promised);
});

it('the example trains and uses a TWI-U-Net in ten lines, its data aside', async () => {
  const { code } = readmeExample(await readFile(join(folder, 'README.md'), 'utf8'))!;
  const lines = code.split('\n').filter((line) => line.trim() !== '');
  expect(lines.filter((line) => !/^const (images|masks) = /.test(line)).length).toBeLessThanOrEqual(10);
});
