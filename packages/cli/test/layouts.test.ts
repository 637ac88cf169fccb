import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { scalingAffine, writeNifti, type Affine } from '@interseg/nifti';
import { expect, it } from 'vitest';
import { intersegHere, temporaryFolder } from './support.ts';

const folder = await temporaryFolder();

/** Writes voxels that differ from each other as a file of a folder. */
async function write(path: string, affine: Affine = scalingAffine([1, 1, 2])): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeNifti(path, { data: Uint8Array.of(0, 1, 0, 1), shape: [2, 2, 1], affine });
}

it('inspects a plain folder, with what is amiss', async () => {
  const plain = join(folder, 'plain');
  for (const name of ['images/a.nii', 'images/b.nii', 'images/c.nii.gz', 'labels/a.nii']) {
    await write(join(plain, name));
  }
  await write(join(plain, 'labels/b.nii'), scalingAffine([1, 1, 2], [0, 3, 0]));
  const { status, stdout, stderr } = await intersegHere('data', 'inspect', plain);
  // A case that cannot be used: image and label lie apart.
  expect([status, stderr]).toEqual([1, '']);
  expect(stdout).toMatch(/^plain: MR, channels channel 0, classes label 1\n/);
  expect(stdout).toMatch(/^a +a +2×2×1 +1×1×2 +RAS .* 0\.00 +1$/m);
  expect(stdout).toContain(
    `- ${plain}/labels/b.nii: its grid lies up to 3 mm from that of ${plain}/images/b.nii, expected at most 0.1 mm.\n`,
  );
  expect(stdout).toContain(
    `- ${plain}/images: 1 of 3 cases have no label map, so only their images can be trained on; the first is c.\n`,
  );
});

it('inspects cases of BraTS, channel by channel and region by region', async () => {
  const brats = join(folder, 'brats');
  for (const name of ['t1', 't1ce', 't2', 'flair', 'seg']) await write(join(brats, 'HGG', 'a', `a_${name}.nii.gz`));
  const { stdout } = await intersegHere('data', 'inspect', brats, '--json');
  const { channels, cases } = JSON.parse(stdout) as { channels: string[]; cases: { classes: { voxels: number }[] }[] };
  expect(channels).toEqual(['t1', 't1ce', 't2', 'flair']);
  // Label 1 is in the whole tumour and in its core.
  expect(cases[0]!.classes.map(({ voxels }) => voxels)).toEqual([2, 2, 0]);
});

it('refuses a folder that has no known layout', async () => {
  await mkdir(join(folder, 'nothing'));
  const { status, stdout, stderr } = await intersegHere('data', 'inspect', join(folder, 'nothing'));
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(
    /^error: .*nothing: found no layout of a data set, expected dataset\.json .*images and labels, or dataset\.json with "format": "dicom" and folders of cases with DICOM series\.\n$/,
  );
});
