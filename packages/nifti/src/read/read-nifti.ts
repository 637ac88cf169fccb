import { exists } from '@interseg/files';
import { fileSource, memorySource } from './node-source.ts';
import { readPair, readSingle } from './read-volume.ts';
import { defaultLimit, type ReadLimits, type Volume } from './volume.ts';
import { blobSource } from './web-source.ts';

/**
 * Reads a NIfTI-1 or NIfTI-2 image: a `.nii` file, or a `.hdr` and an `.img` file (name either), each gzip-compressed or
 * not.
 *
 * Values are scaled by slope and intercept, unless the slope is 0, NaN or infinite. Unscaled values keep their type on
 * disk (64-bit integers become double precision); scaled ones have single precision, or double precision if their type
 * on disk needs it. The affine comes from the sform if its code is set, otherwise from the qform if its code is set,
 * otherwise from the spacings; metres and micrometres become millimetres. Extensions are skipped. Bytes after the last
 * voxel are ignored in an uncompressed file, and an error in a compressed one.
 *
 * Before memory is allocated for the voxels, the size that the header promises is compared with the limit and with the
 * bytes available (for gzip: with the most that so many compressed bytes can contain).
 *
 * @param pathOrBytes a file, or the content of a `.nii` or `.nii.gz`; as a `Blob` or `File` it is read as browsers do
 * @param options.limits bounds on the size
 * @throws DataError if the file is missing or not NIfTI; has RGB, complex, binary or 128-bit voxels, or impossible
 * dimensions or geometry; is truncated or corrupt; has fewer or (compressed) more bytes than its header promises; or is
 * too large
 */
export async function readNifti(
  pathOrBytes: string | Uint8Array | Blob,
  options: { limits?: ReadLimits } = {},
): Promise<Volume> {
  const limit = options.limits?.maxBytes ?? defaultLimit;
  if (pathOrBytes instanceof Blob) return readSingle(await blobSource(pathOrBytes), limit);
  if (typeof pathOrBytes !== 'string') return readSingle(memorySource(pathOrBytes), limit);
  const pair = /\.(hdr|img)(\.gz)?$/i.exec(pathOrBytes);
  if (!pair) return readSingle(await fileSource(pathOrBytes), limit);
  const stem = pathOrBytes.slice(0, pair.index);
  const [header, image] = await Promise.all([partner(stem, 'hdr', pair), partner(stem, 'img', pair)]);
  return readPair(await fileSource(header), await fileSource(image), limit);
}

/** The `hdr` or `img` file of a pair, preferably compressed (or not) as the named one is. */
async function partner(stem: string, extension: string, named: RegExpExecArray): Promise<string> {
  const cased = named[1] === named[1]!.toUpperCase() ? extension.toUpperCase() : extension;
  const suffix = named[2] ?? '';
  const alike = `${stem}.${cased}${suffix}`;
  const other = `${stem}.${cased}${suffix ? '' : '.gz'}`;
  if (await exists(alike)) return alike;
  return (await exists(other)) ? other : alike;
}
