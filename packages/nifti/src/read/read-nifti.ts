import { exists } from '@interseg/files';
import { fileSource, memorySource } from './node-source.ts';
import { readPair, readSingle } from './read-volume.ts';
import { defaultLimit, type ReadLimits, type Volume } from './volume.ts';

/**
 * Reads a NIfTI-1 or NIfTI-2 image, `.nii`, or `.hdr` with its `.img` (either is named), each gzip-compressed or not.
 *
 * Values are scaled by slope and intercept; a slope of 0, NaN or infinity means unscaled. Unscaled values keep the type
 * they have on disk (64-bit integers become double precision); scaled ones are in single precision, or in double when the
 * type on disk needs it. The affine comes from the sform if its code is set, else from the qform if its code is set, else
 * from the spacings; metres and micrometres become millimetres. Extensions are passed over. Bytes after the last voxel
 * are ignored in an uncompressed file and an error in a compressed one.
 *
 * Before memory for the voxels is taken, the size that the header promises is held against the limit and against the
 * bytes there are (for gzip: against the most that so many compressed bytes can hold).
 *
 * @param pathOrBytes a file, or the content of a `.nii` or `.nii.gz`
 * @throws DataError when the file is missing, is no NIfTI, has RGB, complex, binary or 128-bit voxels, impossible
 * dimensions or geometry, is truncated, corrupt, holds fewer or (compressed) more bytes than promised, or is too large
 */
export async function readNifti(
  pathOrBytes: string | Uint8Array,
  options: { limits?: ReadLimits } = {},
): Promise<Volume> {
  const limit = options.limits?.maxBytes ?? defaultLimit;
  if (typeof pathOrBytes !== 'string') return readSingle(memorySource(pathOrBytes), limit);
  const pair = /\.(hdr|img)(\.gz)?$/i.exec(pathOrBytes);
  if (!pair) return readSingle(await fileSource(pathOrBytes), limit);
  const stem = pathOrBytes.slice(0, pair.index);
  const [header, image] = await Promise.all([partner(stem, 'hdr', pair), partner(stem, 'img', pair)]);
  return readPair(await fileSource(header), await fileSource(image), limit);
}

/** The file of a pair with the extension `hdr` or `img`: compressed as the named one is if possible, else not as it is. */
async function partner(stem: string, extension: string, named: RegExpExecArray): Promise<string> {
  const cased = named[1] === named[1]!.toUpperCase() ? extension.toUpperCase() : extension;
  const suffix = named[2] ?? '';
  const alike = `${stem}.${cased}${suffix}`;
  const other = `${stem}.${cased}${suffix ? '' : '.gz'}`;
  if (await exists(alike)) return alike;
  return (await exists(other)) ? other : alike;
}
