import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { OptionError } from '@interseg/errors';
import { writeAtomically } from '@interseg/files';
import { encodeChunks, type EncodeOptions, type WritableVolume } from './encode-nifti.ts';

/**
 * Writes a NIfTI-1 single file, gzip-compressed if the name ends in `.gz`: unscaled, with sform and (unless the grid is
 * sheared) qform, in millimetres. The file appears under its name when it is complete.
 *
 * @param options.labels marks the file as a label map (intent 1002, shown from 0 to the largest label)
 * @throws OptionError when the name does not end in `.nii` or `.nii.gz`, the number of values does not fit the shape, the
 * affine is not invertible, or labels are not whole numbers
 * @throws DataError when the folder cannot be written to
 */
export async function writeNifti(
  path: string,
  volume: WritableVolume,
  options: Pick<EncodeOptions, 'labels'> = {},
): Promise<void> {
  if (!/\.nii(\.gz)?$/i.test(path)) throw new OptionError(`${path}: expected a name that ends in .nii or .nii.gz.`);
  const chunks = encodeChunks(volume, path, options);
  await writeAtomically(path, async (temporary) => {
    const file = createWriteStream(temporary);
    if (/\.gz$/i.test(path)) await pipeline(Readable.from(chunks), createGzip(), file);
    else await pipeline(Readable.from(chunks), file);
  });
}
