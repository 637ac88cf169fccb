import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { OptionError } from '@interseg/errors';
import { writeAtomically } from '@interseg/files';
import { encodeChunks, type EncodeOptions, type WritableVolume } from './encode-nifti.ts';

/**
 * Writes a NIfTI-1 single file, gzip-compressed if the name ends in `.gz`. Values are not scaled; the file has an sform
 * and (unless the grid is sheared) a qform, in millimetres. It appears under its name when it is complete.
 *
 * @param options.labels whether the volume is a label map (intent 1002, displayed from 0 to the largest label). Defaults
 * to false.
 * @throws OptionError if the name does not end in `.nii` or `.nii.gz`, or the volume is not as `encodeNifti` requires
 * @throws DataError if the folder does not exist or cannot be written to
 */
export async function writeNifti(
  path: string,
  volume: WritableVolume,
  options: Pick<EncodeOptions, 'labels'> = {},
): Promise<void> {
  if (!/\.nii(\.gz)?$/i.test(path)) {
    throw new OptionError(`${path}: found the wrong extension, expected a name that ends in .nii or .nii.gz.`);
  }
  const chunks = encodeChunks(volume, path, options);
  await writeAtomically(path, async (temporary) => {
    const file = createWriteStream(temporary);
    if (/\.gz$/i.test(path)) await pipeline(Readable.from(chunks), createGzip(), file);
    else await pipeline(Readable.from(chunks), file);
  });
}
