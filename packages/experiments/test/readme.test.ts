import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runReadmeExample } from '../../../tools/build/readme.ts';

it('the example of the README prints what its comments say', async () => {
  const folder = join(import.meta.dirname, '..');
  for (const made of ['phantoms', 'comparison']) {
    await rm(join(folder, 'test-results', made), { recursive: true, force: true });
  }
  const { printed, promised } = await runReadmeExample(folder);
  expect(promised.length).toBeGreaterThan(0);
  expect(printed).toEqual(promised);
});
