import { readSingle } from './read-volume.ts';
import { defaultLimit, type ReadLimits, type Volume } from './volume.ts';
import { blobSource } from './web-source.ts';

/**
 * Reads a NIfTI-1 or NIfTI-2 image, a single file, gzip-compressed or not, from bytes or from a file that a page was given:
 * `readNifti` of browsers. What it reads and refuses is what Node's `readNifti` does, but for a gzip file of several members,
 * which browsers take for a corrupt one.
 *
 * @param content the content of a `.nii` or `.nii.gz`
 * @throws DataError when it is no NIfTI, has RGB, complex, binary or 128-bit voxels, impossible dimensions or geometry, is
 * truncated, corrupt, holds fewer or (compressed) more bytes than promised, or is too large
 */
export async function readNifti(content: Uint8Array | Blob, options: { limits?: ReadLimits } = {}): Promise<Volume> {
  return readSingle(await blobSource(content), options.limits?.maxBytes ?? defaultLimit);
}
