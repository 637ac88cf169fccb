import { describe, expect, it } from 'vitest';
import { groupFiles, isNifti, joinGroups, missingChannels } from '../../page/src/scans/group-files.ts';

const file = (name: string): File => new File([], name);
const grouped = (names: string[], channels: string[]) =>
  groupFiles(names.map(file), channels).map(({ name, files }) => [name, files.map((one) => one?.name)]);

describe('files become scans', () => {
  it('one by one, where the model has one channel', () => {
    expect(grouped(['b.nii.gz', 'a_T1.nii', 'a_0000.NII.GZ'], ['T1'])).toEqual([
      ['b', ['b.nii.gz']],
      ['a_T1', ['a_T1.nii']],
      ['a_0000', ['a_0000.NII.GZ']],
    ]);
  });

  it('by the names of channels, in the order of the channels and whatever their case', () => {
    const channels = ['T1', 'T1 Gd', 'FLAIR'];
    expect(grouped(['p2_flair.nii.gz', 'p1_t1gd.nii.gz', 'p1_FLAIR.nii.gz', 'p1_T1.nii.gz'], channels)).toEqual([
      ['p2', [undefined, undefined, 'p2_flair.nii.gz']],
      ['p1', ['p1_T1.nii.gz', 'p1_t1gd.nii.gz', 'p1_FLAIR.nii.gz']],
    ]);
    expect(grouped(['t1.nii', 'flair.nii', 'flair-p9.nii'], ['T1', 'FLAIR'])).toEqual([
      ['t1', ['t1.nii', 'flair.nii']],
      ['p9', [undefined, 'flair-p9.nii']],
    ]);
  });

  it('by numbers as in nnU-Net, up to the number of channels', () => {
    expect(grouped(['c_0001.nii.gz', 'c_0000.nii.gz', 'd_0007.nii.gz'], ['A', 'B'])).toEqual([
      ['c', ['c_0000.nii.gz', 'c_0001.nii.gz']],
      ['d_0007', ['d_0007.nii.gz']],
    ]);
  });

  it('alone, where they hold all channels, and twice, where one comes twice', () => {
    expect(grouped(['all.nii.gz', 'x_A.nii', 'x_A.nii'], ['A', 'B'])).toEqual([
      ['all', ['all.nii.gz']],
      ['x', ['x_A.nii', undefined]],
      ['x', ['x_A.nii', undefined]],
    ]);
  });

  it('later, too, where a scan lacks them', () => {
    const channels = ['A', 'B'];
    const [first] = groupFiles([file('x_A.nii')], channels);
    const [second] = groupFiles([file('x_B.nii')], channels);
    const [other] = groupFiles([file('y_B.nii')], channels);
    expect(missingChannels(first!, channels)).toEqual(['B']);
    expect(joinGroups(first!, other!)).toBeUndefined();
    expect(joinGroups(first!, first!)).toBeUndefined();
    const joined = joinGroups(first!, second!)!;
    expect(joined.files.map((one) => one?.name)).toEqual(['x_A.nii', 'x_B.nii']);
    expect(missingChannels(joined, channels)).toEqual([]);
  });

  it('only where they are named as NIfTI files are', () => {
    expect(['a.nii', 'a.nii.gz', 'A.NII.GZ', 'a.gz', 'nii', 'a.nii.zip'].map((name) => isNifti(file(name)))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
