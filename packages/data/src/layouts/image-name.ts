import { basename } from 'node:path';

/** Whether a name is that of a NIfTI single file: `.nii` or `.nii.gz`. */
export function isImageName(name: string): boolean {
  return /\.nii(\.gz)?$/i.test(name);
}

/** The name of an image without folder and extension. */
export function imageStem(path: string): string {
  return basename(path).replace(/\.nii(\.gz)?$/i, '');
}
