import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sequences, writeBrats } from '../../test/brats-folder.ts';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { writeMsd } from '../../test/msd-folder.ts';
import { DataError } from '@interseg/errors';
import { scalingAffine, writeNifti } from '@interseg/nifti';
import { openDataset } from './open-dataset.ts';

const root = await temporaryFolder();
const content = { shape: [1, 1, 1], image: Uint8Array.of(5), label: Uint8Array.of(1) };

async function plain(name: string, [images, labels]: [string, string], description?: unknown): Promise<string> {
  const folder = join(root, name);
  for (const part of [images, labels]) {
    await mkdir(join(folder, part), { recursive: true });
    const voxel = { data: Uint8Array.of(1), shape: [1, 1, 1], affine: scalingAffine([1, 1, 1]) };
    await writeNifti(join(folder, part, part === images ? 'a_0000.nii' : 'a.nii'), voxel);
  }
  if (description !== undefined) await writeFile(join(folder, 'dataset.json'), JSON.stringify(description));
  return folder;
}

describe('openDataset', () => {
  it('finds out which layout a folder has', async () => {
    const msd = await openDataset(await writeMsd(join(root, 'msd'), [{ id: 'one', ...content }]));
    expect([msd.name, msd.cases[0]!.id]).toEqual(['Test', 'one']);
    const graded = await openDataset(
      await writeBrats(join(root, 'graded'), [{ grade: 'LGG', id: 'a', files: sequences() }]),
    );
    const flat = await openDataset(await writeBrats(join(root, 'flat'), [{ id: 'a', files: sequences() }]));
    expect([graded.classes.length, flat.classes.length]).toEqual([3, 3]);
    const folder = await openDataset(await plain('plain', ['images', 'labels']));
    expect([folder.cases[0]!.id, folder.classes[0]!.name]).toEqual(['a', 'label 1']);
    const nnunet = await plain('nnunet', ['imagesTr', 'labelsTr'], { labels: { background: 0, lesion: 1 } });
    expect((await openDataset(nnunet)).classes).toEqual([{ name: 'lesion', values: [1] }]);
  });

  it('says in one sentence what it expects when none fits', async () => {
    const refusal = async (path: string): Promise<string> => {
      const error: unknown = await openDataset(path).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(DataError);
      return (error as DataError).message;
    };
    const other = join(root, 'other');
    await mkdir(join(other, 'images'), { recursive: true });
    expect(await refusal(other)).toBe(
      `${other}: found no layout of a data set, expected dataset.json (Medical Segmentation Decathlon), ` +
        'HGG and LGG or folders of cases with _t1, _t1ce, _t2 and _flair (BraTS 2019), or the folders images and labels.',
    );
    expect(await refusal(join(root, 'none'))).toMatch(/none: no such file, expected the folder of a data set/);
    await writeFile(join(other, 'dataset.json'), '{"labels": {"0": "background"}, "modality": {"0": "CT"}}');
    expect(await refusal(other)).toMatch(/dataset\.json: "training" is nothing/);
  });
});
