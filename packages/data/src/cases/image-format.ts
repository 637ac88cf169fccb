import { OptionError } from '@interseg/errors';
import { readNifti, type ReadLimits } from '@interseg/nifti';
import type { ImageVolume } from './case-from-volumes.ts';

/** A format of images and label maps besides NIfTI. */
export interface ImageFormat {
  /** Lower-case letters and digits, such as `'dicom'`. */
  readonly name: string;
  /** Whether a path, of a file or a folder, is of this format. */
  matches(path: string): boolean | Promise<boolean>;
  /**
   * Reads an image, or a label map: whole numbers, on the grid of its image.
   *
   * @throws DataError if it is not as the format requires, or above the limits
   */
  read(path: string, options: { limits?: ReadLimits }): Promise<ImageVolume>;
}

const formats = new Map<string, ImageFormat>();

/**
 * Registers a format, so that `readCase` and `readLabels` read its files. Names that end in `.nii` or `.nii.gz` are
 * NIfTI. Defining the same format again changes nothing.
 *
 * @returns the format
 * @throws OptionError if another format has the name
 */
export function defineImageFormat(format: ImageFormat): ImageFormat {
  const known = formats.get(format.name);
  if (known && known !== format) throw new OptionError(`A format named '${format.name}' is defined already.`);
  formats.set(format.name, format);
  return format;
}

/** The registered format of a path; undefined if it is NIfTI, or of none. */
export async function formatOf(path: string): Promise<ImageFormat | undefined> {
  if (/\.nii(\.gz)?$/i.test(path)) return undefined;
  for (const format of formats.values()) if (await format.matches(path)) return format;
  return undefined;
}

/** Reads a file in the format that it has: NIfTI unless a registered one matches. */
export async function readImageFile(path: string, options: { limits?: ReadLimits } = {}): Promise<ImageVolume> {
  const format = await formatOf(path);
  return format ? format.read(path, options) : readNifti(path, options);
}
