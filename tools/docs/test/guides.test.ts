import { readdirSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generatePhantoms, openDataset, readCase } from '@interseg/data';
import { readNifti } from '@interseg/nifti';
import { createNetwork } from '@interseg/models';
import { useEngine } from '@interseg/runtime';
import { saveModel } from '@interseg/inference';
import { loadPlugins } from '@interseg/training';
import { beforeAll, expect, it } from 'vitest';
import { examplesIn } from '../../build/example.mjs';
import { runExample } from '../../build/readme.ts';

const root = join(import.meta.dirname, '..', '..', '..');
// Inside the repository, where the packages are found.
const folder = join(root, 'tools', 'docs', 'test-results', 'guides');
const guides = ['CONTRIBUTING.md', ...readdirSync(join(root, 'docs')).map((name) => join('docs', name))];
const examples = guides
  .filter((name) => name.endsWith('.md'))
  .flatMap((name) =>
    examplesIn(readFileSync(join(root, name), 'utf8')).map(
      (example, index) => [`${name}, example ${index + 1}`, example] as const,
    ),
  );

/** What the guides start from: a model in `run/model` and an image. */
beforeAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await useEngine('wasm');
  const network = createNetwork({ variant: 'unet', inputShape: [16, 16, 1], classes: 1, filters: [2, 4] });
  const { channels, modality, classes, cases } = await generatePhantoms(join(folder, 'phantoms'), {
    patients: 1,
    shape: [20, 16, 4],
    spacing: [8, 8, 20],
  });
  const slices = { size: [16, 16] } as const;
  await saveModel(join(folder, 'run', 'model'), network.deploy, {
    variant: 'unet',
    channels,
    modality,
    classes,
    slices,
  });
  network.dispose();
  await copyFile(cases[0]!.images[0]!, join(folder, 'image.nii.gz'));
});

it('there are guides with examples', () => {
  expect(examples.length).toBeGreaterThanOrEqual(4);
});

it.each(examples)('%s runs, and prints what its comments say', async (name, example) => {
  const { printed, promised } = await runExample(example, folder, name.replace(/\W+/g, '-'));
  expect(printed).toEqual(promised);
});

it('the guide to deployment writes a label map on the grid of the image', async () => {
  expect((await readNifti(join(folder, 'mask.nii.gz'))).shape).toEqual([20, 16, 4]);
});

it('the guide to data shows a plugin with a layout that works', async () => {
  const guide = readFileSync(join(root, 'docs', 'train-on-your-data.md'), 'utf8');
  const [, code] = /```js\n(\/\/ my-layout\.mjs\n[\s\S]*?)```/.exec(guide)!;
  await writeFile(join(folder, 'my-layout.mjs'), code!);
  const patient = join(folder, 'mine', 'case-1');
  await mkdir(patient, { recursive: true });
  const label = join(folder, 'phantoms', 'labelsTr', 'phantom_001.nii.gz');
  await copyFile(join(folder, 'image.nii.gz'), join(patient, 'image.nii.gz'));
  await copyFile(label, join(patient, 'mask.nii.gz'));
  await loadPlugins([join(folder, 'my-layout.mjs')]);
  const dataset = await openDataset(join(folder, 'mine'));
  const { labels } = await readCase(dataset, dataset.cases[0]!);
  expect(labels).toEqual(Uint8Array.from((await readNifti(label)).data));
});
