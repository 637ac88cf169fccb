export * from './common.ts';
export { readNifti } from './read/read-nifti-browser.ts';
