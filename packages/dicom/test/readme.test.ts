import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runReadmeExample } from '../../../tools/build/readme.ts';
import { papayaFolder } from './papaya.ts';

it('the example of the README prints what its comments say', async () => {
  const folder = join(import.meta.dirname, '..');
  await cp(papayaFolder, join(folder, 'test-results', 'scans'), { recursive: true });
  const { printed, promised } = await runReadmeExample(folder);
  expect(promised.length).toBeGreaterThan(0);
  expect(printed).toEqual(promised);
});
