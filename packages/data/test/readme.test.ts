import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openMsd, readCase, readNifti, splitCases } from '../src/index.ts';
import { browserExample } from '../../../tools/build/example.mjs';
import { runExample } from '../../../tools/build/readme.ts';
import { temporaryFolder } from '../../../tools/build/temporary-folder.ts';

const folder = await temporaryFolder();
/** Beside the package, where imports resolve as in it. */
const results = join(import.meta.dirname, '..', 'test-results');

it('the example for browsers prints what its comments say', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const { printed, promised } = await runExample(browserExample(readme)!, results, 'browser-example');
  expect(promised).toEqual(['8 2']);
  expect(printed).toEqual(['4 4096', '4 4096', ...promised]);
});

describe('the example of the README', () => {
  it('is the one that is tested here', async () => {
    const [readme, example] = await Promise.all(
      ['../README.md', 'readme-example.ts'].map((name) => readFile(new URL(name, import.meta.url), 'utf8')),
    );
    const asInstalled = example!.replace('../src/index.ts', '@interseg/data');
    expect(readme).toContain('```ts\n' + asInstalled + '```');
  });

  it('runs, and writes the mask of the test case where its image lies', async () => {
    const home = process.cwd();
    process.chdir(folder);
    try {
      await import('./readme-example.ts');
    } finally {
      process.chdir(home);
    }
    const dataset = await openMsd(join(folder, 'phantoms'));
    const [id] = splitCases(dataset.cases, { seed: 1 }).test;
    const truth = await readCase(
      dataset,
      dataset.cases.find((item) => item.id === id)!,
    );
    const mask = await readNifti(join(folder, `${id}_mask.nii.gz`));
    expect(mask.data).toEqual(truth.labels);
    expect(mask.affine).toEqual(truth.affine);
  });
});
