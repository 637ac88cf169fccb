import { scalingAffine, spacingFromAffine, type Affine, type NiftiHeader, type Triple } from '@interseg/nifti';
import type { CaseVolume, LabelArray } from '../src/cases/case-volume.ts';

/** A case in memory from its voxels. */
export function caseVolume(content: {
  shape: Triple;
  channels: Float32Array[];
  labels?: LabelArray;
  affine?: Affine;
}): CaseVolume {
  const { shape, affine = scalingAffine([1, 1, 1]) } = content;
  const spacing = spacingFromAffine(affine);
  const header: NiftiHeader = {
    version: 1,
    littleEndian: true,
    singleFile: true,
    dimensions: [3, ...shape, 1, 1, 1, 1],
    datatypeCode: 16,
    pixelDimensions: [1, ...spacing, 0, 0, 0, 0],
    voxelOffset: 352,
    slope: 1,
    intercept: 0,
    displayMinimum: 0,
    displayMaximum: 0,
    units: 2,
    intentCode: 0,
    intentName: '',
    description: '',
    qformCode: 0,
    sformCode: 0,
    quaternion: [0, 0, 0],
    quaternionOffset: [0, 0, 0],
    sformRows: [],
  };
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
