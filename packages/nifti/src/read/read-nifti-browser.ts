import { readSingle } from './read-volume.ts';
import { defaultLimit, type ReadLimits, type Volume } from './volume.ts';
import { blobSource } from './web-source.ts';

/**
 * Reads a NIfTI-1 or NIfTI-2 single file, gzip-compressed or not, from bytes or from a file that a page was given. This
 * is the `readNifti` of browsers. It reads and refuses what Node's `readNifti` does, except gzip files of several
 * members, which browsers consider corrupt.
 *
 * @param content the content of a `.nii` or `.nii.gz`
 * @param options.limits bounds on the size, checked before memory is allocated
 * @throws DataError if the content is not NIfTI; has RGB, complex, binary or 128-bit voxels, or impossible dimensions or
 * geometry; is truncated or corrupt; has fewer or (compressed) more bytes than its header promises; or is too large
 */
export async function readNifti(content: Uint8Array | Blob, options: { limits?: ReadLimits } = {}): Promise<Volume> {
  return readSingle(await blobSource(content), options.limits?.maxBytes ?? defaultLimit);
}
