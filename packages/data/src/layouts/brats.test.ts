import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sequences, writeBrats } from '../../test/brats-folder.ts';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { DataError } from '@interseg/errors';
import { inspect } from '../inspection/inspect.ts';
import { labelMap } from '../slices/inverse/label-map.ts';
import { prepareCase } from '../slices/preparation/prepare-case.ts';
import { openBrats } from './brats.ts';
import { readCase } from '../cases/read-case.ts';

const root = await temporaryFolder();
let count = 0;
const folder = (): string => join(root, `set${count++}`);
const seg = Uint8Array.of(0, 1, 2, 4);

async function refusal(path: string): Promise<string> {
  const error: unknown = await openBrats(path).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DataError);
  return (error as DataError).message;
}

describe('openBrats', () => {
  it('opens the training set: both grades, compressed or not, and nothing of what macOS leaves', async () => {
    const path = await writeBrats(folder(), [
      { grade: 'LGG', id: 'BraTS19_TCIA09_177_1', files: { ...sequences(), seg }, extension: '.nii.gz' },
      { grade: 'HGG', id: 'BraTS19_CBICA_AAB_1', files: { ...sequences(100), seg } },
      { grade: 'HGG', id: 'BraTS19_CBICA_AAB_2', files: { ...sequences(), seg } },
    ]);
    const case1 = join(path, 'HGG', 'BraTS19_CBICA_AAB_1');
    await writeFile(join(case1, '._BraTS19_CBICA_AAB_1_t1.nii'), 'x');
    await writeFile(join(path, 'HGG', '.DS_Store'), 'x');
    await mkdir(join(path, 'HGG', '._folder'));
    await writeFile(join(path, 'name_mapping.csv'), 'x');
    const dataset = await openBrats(path);
    expect(dataset).toMatchObject({ folder: path, modality: 'mr', unlabelled: [], problems: [] });
    expect(dataset.channels).toEqual(['t1', 't1ce', 't2', 'flair']);
    expect(dataset.cases[0]).toEqual({
      id: 'BraTS19_CBICA_AAB_1',
      patient: 'BraTS19_CBICA_AAB',
      images: ['t1', 't1ce', 't2', 'flair'].map((name) => join(case1, `BraTS19_CBICA_AAB_1_${name}.nii`)),
      label: join(case1, 'BraTS19_CBICA_AAB_1_seg.nii'),
    });
    expect(dataset.cases.map(({ patient }) => patient)).toEqual([
      'BraTS19_CBICA_AAB',
      'BraTS19_CBICA_AAB',
      'BraTS19_TCIA09_177',
    ]);
    expect(dataset.cases[2]!.images[3]).toMatch(/LGG\/BraTS19_TCIA09_177_1\/BraTS19_TCIA09_177_1_flair\.nii\.gz$/);

    const volume = await readCase(dataset, dataset.cases[0]!);
    expect(volume.channels.map((channel) => channel[0])).toEqual([100, 200, 300, 400]);
    expect([...volume.labels!]).toEqual([0, 1, 2, 4]);
    // The masks of the nested regions, and the labels again from them: the grid is LPS, so that slices turn both axes.
    const prepared = prepareCase(volume, dataset.classes, { size: [2, 2] });
    expect([...prepared.masks!]).toEqual([1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0]);
    const restored = prepared.restore(Float32Array.from(prepared.masks!));
    expect([...labelMap(restored, dataset.classes)]).toEqual([0, 1, 2, 4]);
  });

  it('opens the validation set, cases without labels in the folder itself', async () => {
    const path = await writeBrats(folder(), [
      { id: 'BraTS19_CBICA_AAM_1', files: sequences(), extension: '.nii.gz' },
      { id: 'mine_001', files: sequences() },
      { id: 'mine_002', files: sequences() },
    ]);
    const dataset = await openBrats(path);
    expect(dataset.cases).toEqual([]);
    expect(dataset.problems).toEqual([]);
    expect(dataset.unlabelled.map(({ patient }) => patient)).toEqual(['BraTS19_CBICA_AAM', 'mine_001', 'mine_002']);
    expect((await readCase(dataset, dataset.unlabelled[0]!)).labels).toBeUndefined();
  });

  it('tells of cases of the training set without labels, also in an inspection', async () => {
    const path = await writeBrats(folder(), [
      { grade: 'HGG', id: 'a', files: { ...sequences(), seg } },
      { grade: 'HGG', id: 'b', files: sequences() },
    ]);
    const dataset = await openBrats(path);
    expect(dataset.cases.map(({ id }) => id)).toEqual(['a']);
    const problem = '1 of 2 cases have no _seg file, so only their images can be trained on; the first is b.';
    expect(dataset.problems).toEqual([problem]);
    const report = await inspect(dataset);
    expect(report.problems).toContain(problem);
    expect(report.cases[0]!.classes!.map(({ voxels }) => voxels)).toEqual([3, 2, 1]);
  });

  it('names what is missing, twice there or unknown', async () => {
    const path = await writeBrats(folder(), [{ grade: 'LGG', id: 'a', files: { ...sequences(), seg } }]);
    const [inside, t2] = [join(path, 'LGG', 'a'), join(path, 'LGG', 'a', 'a_t2.nii')];
    await rename(t2, join(inside, 'kept'));
    expect(await refusal(path)).toBe(
      `${inside}: no a_t2.nii or a_t2.nii.gz, expected a file for each of a_t1, a_t1ce, a_t2, a_flair.`,
    );
    await writeFile(t2, '');
    await writeFile(`${t2}.gz`, '');
    expect(await refusal(path)).toBe(`${inside}: found a_t2.nii and a_t2.nii.gz, expected only one of them.`);
    await rm(`${t2}.gz`);
    await rename(join(inside, 'kept'), t2);
    await writeBrats(path, [{ grade: 'HGG', id: 'a', files: sequences() }]);
    expect(await refusal(path)).toMatch(/LGG\/a: found the case in both grades/);

    expect(await refusal(join(root, 'none'))).toMatch(/none: no such file, expected a folder of BraTS 2019/);
    await mkdir(join(root, 'empty'));
    expect(await refusal(join(root, 'empty'))).toMatch(/empty: found no folder of a case/);
    const three = await openBrats(
      await writeBrats(folder(), [{ id: 'a', files: { ...sequences(), seg: Uint8Array.of(0, 3, 0, 0) } }]),
    );
    await expect(readCase(three, three.cases[0]!)).rejects.toThrow(
      /a_seg\.nii: found the label 3 .* expected 0 or one of 1\/2\/4 \(whole tumour\), 1\/4 \(tumour core\), 4 \(enhancing/,
    );
  });
});
