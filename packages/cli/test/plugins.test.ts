import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generatePhantoms } from '@interseg/data';
import { readNifti } from '@interseg/nifti';
import { beforeAll, expect, it } from 'vitest';
import { bundleFolder } from './bundle.ts';
import { interseg, intersegHere, json, temporaryFolder, tiny } from './support.ts';

const folder = await temporaryFolder();
const data = join(folder, 'phantoms');
// Inside the package, where TensorFlow.js is found.
const plugin = join(bundleFolder, '..', 'plugin');

beforeAll(async () => {
  await generatePhantoms(data, { patients: 4, shape: [24, 24, 4], spacing: [4, 4, 8] });
  await mkdir(plugin, { recursive: true });
  await writeFile(
    join(plugin, 'package.json'),
    '{ "name": "interseg-brier", "type": "module", "exports": "./index.js" }',
  );
  await writeFile(
    join(plugin, 'index.js'),
    `import * as tf from '@tensorflow/tfjs-core';
    const compute = (labels, predictions, { fromLogits }) =>
      tf.mean(tf.squaredDifference(fromLogits ? tf.sigmoid(predictions) : predictions, labels));
    export default { losses: [{ name: 'brier', title: 'Brier', description: 'Mean squared error.', compute }] };`,
  );
});

it('a run is trained with what a plugin brings, remembers the plugin, and is resumed with it', async () => {
  const run = join(folder, 'run');
  const options = ['--variant', 'unet', '--loss', 'brier', '--epochs', '1', ...tiny];
  await writeFile(join(folder, 'run.yaml'), `data: phantoms\nplugins: [${plugin}]\n`);
  const trained = await interseg(['train', '--config', join(folder, 'run.yaml'), '--out', run, ...options]);
  expect(trained.status, trained.stderr).toBe(0);
  const configuration = JSON.parse(await readFile(join(run, 'config.json'), 'utf8')) as Record<string, unknown>;
  expect(configuration).toMatchObject({ plugins: [plugin], loss: 'brier' });
  const resumed = await interseg(['resume', run, '--epochs', '2']);
  expect(resumed.status, resumed.stderr).toBe(0);
  const losses = (await readFile(join(run, 'history.csv'), 'utf8'))
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => Number(line.split(',')[4]));
  // A mean squared error of probabilities is below 1; BCE-Dice starts above it.
  expect(losses).toHaveLength(2);
  for (const loss of losses) expect(loss).toBeLessThan(1);
});

it("a plugin's variant is compared with another, and its model segments with the plugin and not without", async () => {
  const halving = join(import.meta.dirname, 'halving-plugin.mjs');
  const comparison = join(folder, 'comparison');
  const compared = await json<{ variants: { variant: string; runs: number }[]; stopped: string }>([
    ...['compare', '--data', data, '--plugin', halving, '--variants', 'unet,halving-unet', '--seeds', '1'],
    ...['--fractions', '0.5,0.25,0.25', '--epochs', '1', '--out', comparison, ...tiny],
  ]);
  expect(compared.stopped).toBe('finished');
  expect(compared.variants.map(({ variant, runs }) => [variant, runs])).toEqual([
    ['unet', 1],
    ['halving-unet', 1],
  ]);

  const run = join(comparison, 'runs', 'halving-unet-seed1');
  const configuration = JSON.parse(await readFile(join(run, 'config.json'), 'utf8')) as Record<string, unknown>;
  expect(configuration).toMatchObject({ variant: 'halving-unet', plugins: [halving] });
  const [image, output] = [join(data, 'imagesTr', 'phantom_001.nii.gz'), join(folder, 'mask.nii.gz')];
  const predict = ['predict', '--model', join(run, 'model'), '--input', image, '--output', output, '--engine', 'wasm'];
  const without = await interseg(predict);
  expect([without.status, without.stderr]).toEqual([
    2,
    expect.stringContaining(`unknown layer Halving, expected the plugin ${halving} to be loaded before`),
  ]);
  const segmented = await json<{ shape: number[] }>([...predict, '--plugin', halving]);
  expect(segmented.shape).toEqual([24, 24, 4]);
  expect((await readNifti(output)).shape).toEqual([24, 24, 4]);
});

it("a plugin's layout is inspected, split, drawn and trained on, and the run is resumed and reported with it", async () => {
  const layout = join(import.meta.dirname, 'case-folders-layout.mjs');
  const mine = join(folder, 'mine');
  for (const id of ['001', '002', '003', '004']) {
    await mkdir(join(mine, id), { recursive: true });
    await copyFile(join(data, 'imagesTr', `phantom_${id}.nii.gz`), join(mine, id, 'image.nii.gz'));
    await copyFile(join(data, 'labelsTr', `phantom_${id}.nii.gz`), join(mine, id, 'mask.nii.gz'));
  }
  const unknown = await intersegHere('data', 'inspect', mine);
  expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringContaining('found no layout of a data set')]);

  const inspected = await intersegHere('data', 'inspect', mine, '--plugin', layout, '--json');
  const report = JSON.parse(inspected.stdout) as { cases: { id: string }[] };
  expect(report.cases.map(({ id }) => id)).toEqual(['001', '002', '003', '004']);
  const [split, picture] = [join(folder, 'split.json'), join(folder, 'grid.png')];
  const common = ['--data', mine, '--plugin', layout];
  const written = await intersegHere(
    'data',
    'split',
    ...common,
    '--out',
    split,
    '--fractions',
    '0.5,0.25,0.25',
    '--json',
  );
  expect(JSON.parse(written.stdout)).not.toHaveProperty('plugins');
  const drawn = await intersegHere('data', 'preview', ...common, '--out', picture, '--size', '32');
  expect(drawn.status, drawn.stderr).toBe(0);
  expect((await readFile(picture)).subarray(1, 4).toString()).toBe('PNG');

  const run = join(folder, 'run-with-layout');
  const trained = await interseg([
    ...['train', ...common, '--split', split, '--variant', 'unet', '--epochs', '1'],
    // Cases are read in threads, which never load the plugin.
    ...['--out', run, '--workers', '2', ...tiny],
  ]);
  expect(trained.status, trained.stderr).toBe(0);
  const metrics = JSON.parse(await readFile(join(run, 'metrics.json'), 'utf8')) as { cases: { classes: object }[] };
  expect(metrics.cases.map(({ classes }) => Object.keys(classes))).toEqual([['lesion']]);
  const resumed = await interseg(['resume', run, '--epochs', '2']);
  expect(resumed.status, resumed.stderr).toBe(0);
  const reported = await intersegHere('report', run);
  expect([reported.status, reported.stdout]).toEqual([0, expect.not.stringContaining('missing')]);
});

it('a plugin or a loss that does not exist is bad input, by its name', async () => {
  const train = (...options: string[]) =>
    interseg(['train', '--data', data, '--out', join(folder, 'none'), '--epochs', '1', ...tiny, ...options]);
  const missing = await train('--plugin', 'interseg-absent');
  expect([missing.status, missing.stderr]).toEqual([
    2,
    expect.stringContaining('Plugin interseg-absent: found no such'),
  ]);
  const loss = await train('--plugin', plugin, '--loss', 'briar');
  expect([loss.status, loss.stderr]).toEqual([2, expect.stringContaining("--loss: found 'briar', expected one of")]);
  expect(loss.stderr).toContain('did you mean brier?');
});
