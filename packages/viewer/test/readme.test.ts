import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runReadmeExample } from '../../../tools/build/readme.ts';

it('the example of the README prints what its comments say', async () => {
  const { printed, promised } = await runReadmeExample(join(import.meta.dirname, '..'));
  expect(promised.length).toBeGreaterThan(0);
  expect(printed).toEqual(promised);
});
