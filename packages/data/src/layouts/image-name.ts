import { basename } from 'node:path';

/** Whether a name is that of a NIfTI image in one file. */
export function isImageName(name: string): boolean {
  return /\.nii(\.gz)?$/i.test(name);
}

/** The name of an image without its folder and `.nii` or `.nii.gz`. */
export function imageStem(path: string): string {
  return basename(path).replace(/\.nii(\.gz)?$/i, '');
}
