import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { scalingAffine, type TypedNumberArray, writeNifti } from '@interseg/nifti';

/** A case of BraTS to be written: a value for each sequence unless there are voxels, and the labels. */
export interface BratsCase {
  /** `HGG`, `LGG`, or nothing for a case beside them. */
  grade?: string;
  id: string;
  /** By the ends of the files' names. */
  files: Readonly<Record<string, TypedNumberArray>>;
  /** Defaults to `.nii`. */
  extension?: string;
  shape?: number[];
}

/** Writes cases in the layout of BraTS 2019. */
export async function writeBrats(folder: string, cases: readonly BratsCase[]): Promise<string> {
  for (const { grade = '', id, files, extension = '.nii', shape = [2, 2, 1] } of cases) {
    await mkdir(join(folder, grade, id), { recursive: true });
    for (const [name, data] of Object.entries(files)) {
      const path = join(folder, grade, id, `${id}_${name}${extension}`);
      await writeNifti(path, { data, shape, affine: scalingAffine([-1, -1, 1], [0, 239, 0]) });
    }
  }
  return folder;
}

/** The four sequences, each with values of its own. */
export function sequences(first = 10): Record<string, Int16Array> {
  return Object.fromEntries(
    ['t1', 't1ce', 't2', 'flair'].map((name, index) => {
      const value = first * (index + 1);
      return [name, Int16Array.of(value, value + 1, value + 2, value + 3)];
    }),
  );
}
