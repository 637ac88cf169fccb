import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runReadmeExample } from '../../../tools/build/readme.ts';

it('the example of the README prints what its comments say', async () => {
  const folder = join(import.meta.dirname, '..');
  const { printed, promised } = await runReadmeExample(folder);
  expect(promised.length).toBeGreaterThan(0);
  expect(printed).toEqual(promised);
});
