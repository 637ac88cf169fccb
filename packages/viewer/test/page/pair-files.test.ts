import { describe, expect, it } from 'vitest';
import { pairFiles } from '../../page/src/fine-tuning/pair-files.ts';
import { withPath } from '../../page/src/scans/file-paths.ts';

const file = (path: string): File => withPath(new File([], path.split('/').at(-1)!), path);
const paired = (paths: string[], channels = ['T1']) => {
  const { pairs, lacking } = pairFiles(paths.map(file), channels);
  return { pairs: pairs.map(({ name, files, mask }) => [name, files.map((one) => one.name), mask.name]), lacking };
};

describe('scans and masks', () => {
  it('are paired by their names, whatever says that one is a mask', () => {
    const names = ['p1_mask.nii.gz', 'p1.nii.gz', 'p2-SEG.nii', 'p2.nii', 'label_p3.nii.gz', 'p3.nii.gz'];
    expect(paired(names)).toEqual({
      pairs: [
        ['p1', ['p1.nii.gz'], 'p1_mask.nii.gz'],
        ['p2', ['p2.nii'], 'p2-SEG.nii'],
        ['p3', ['p3.nii.gz'], 'label_p3.nii.gz'],
      ],
      lacking: [],
    });
  });

  it('are paired by the folders that they lie in', () => {
    const { pairs } = paired(['a/imagesTr/p1_0000.nii.gz', 'a/imagesTr/p12_0000.nii.gz', 'a/labelsTr/p12.nii.gz']);
    expect(pairs).toEqual([['p12_0000', ['p12_0000.nii.gz'], 'p12.nii.gz']]);
  });

  it('of one patient are those with the longest name in common', () => {
    const names = ['p1.nii', 'p1_late.nii', 'p1_late_T1_mask.nii', 'p1_mask.nii', 'p1_late_T1.nii'];
    expect(paired(names).pairs).toEqual([
      ['p1', ['p1.nii'], 'p1_mask.nii'],
      ['p1_late_T1', ['p1_late_T1.nii'], 'p1_late_T1_mask.nii'],
    ]);
  });

  it('with several channels have all of them', () => {
    const names = ['b_T1.nii.gz', 'b_FLAIR.nii.gz', 'b_seg.nii.gz', 'c_FLAIR.nii.gz', 'c_seg.nii.gz'];
    expect(paired(names, ['T1', 'FLAIR'])).toEqual({
      pairs: [['b', ['b_T1.nii.gz', 'b_FLAIR.nii.gz'], 'b_seg.nii.gz']],
      lacking: ['c: drop also T1.'],
    });
  });

  it('that are alone go together whatever they are called, and each says what it lacks', () => {
    expect(paired(['scan.nii.gz', 'my_labels.nii.gz']).pairs).toEqual([['scan', ['scan.nii.gz'], 'my_labels.nii.gz']]);
    expect(paired(['p1.nii.gz', 'p2_mask.nii.gz', 'p3.nii.gz']).lacking).toEqual([
      'p1: drop also its mask, such as p1_mask.nii.gz.',
      'p3: drop also its mask, such as p3_mask.nii.gz.',
      'p2_mask.nii.gz: drop also the scan that it belongs to.',
    ]);
  });
});
