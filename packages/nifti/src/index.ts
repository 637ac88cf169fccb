export * from './common.ts';
export { readNifti } from './read/read-nifti.ts';
export { writeNifti } from './write/write-nifti.ts';
