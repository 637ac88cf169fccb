import { type Affine, parseHeader, scalingAffine, spacingOf, type Triple } from '@interseg/nifti';
import type { CaseVolume, LabelArray } from '../src/layouts/case-volume.ts';
import { nifti1 } from '../../nifti/test/handmade.ts';

/** A case in memory from its voxels. */
export function caseVolume(content: {
  shape: Triple;
  channels: Float32Array[];
  labels?: LabelArray;
  affine?: Affine;
}): CaseVolume {
  const { shape, affine = scalingAffine([1, 1, 1]) } = content;
  const spacing = spacingOf(affine);
  const header = parseHeader(nifti1({ dim: [3, ...shape, 1, 1, 1, 1], datatype: 16 }), 'memory');
  return {
    ...content,
    id: 'memory',
    modality: 'mr',
    affine,
    spacing,
    replacedVoxels: 0,
    source: { path: 'memory', shape, spacing, affine, header },
  };
}
