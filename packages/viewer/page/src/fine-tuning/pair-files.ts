import { pathOf } from '../scans/file-paths.ts';
import { groupFiles, missingChannels, type FileGroup } from '../scans/group-files.ts';

/** A scan with the mask that people drew. */
export interface AnnotatedScan {
  /** What its files have in common: a name for people. */
  readonly name: string;
  /** One with all channels, or one for each channel, in order. */
  readonly files: readonly File[];
  readonly mask: File;
}

/** What files are together, for training. */
export interface PairedFiles {
  readonly pairs: readonly AnnotatedScan[];
  /** Sentences about files that lack another. */
  readonly lacking: readonly string[];
}

const word = '(?:masks?|labels?|seg|segmentations?|annotations?|gt|truth)';
const atEnd = new RegExp(`[^\\p{L}\\p{N}]+${word}$`, 'iu');
const atStart = new RegExp(`^${word}[^\\p{L}\\p{N}]+`, 'iu');
const folder = new RegExp(`(?:^|/)${word}(?:tr|ts|val|train)?/[^/]*$`, 'iu');

/**
 * Pairs scans with their masks. A mask is named after its scan, with a word such as `mask`, `label` or `seg`
 * (`p1.nii.gz` with `p1_seg.nii.gz`), or lies in a folder of such a name (`labelsTr/p1.nii.gz`). One scan and one mask
 * go together whatever they are called.
 *
 * @param channels of the model, by which the files of a scan with several are found: see {@link groupFiles}
 */
export function pairFiles(files: readonly File[], channels: readonly string[]): PairedFiles {
  const masks = files.filter(isMask);
  const scans = groupFiles(
    files.filter((file) => !isMask(file)),
    channels,
  );
  const left = new Set(masks);
  const lacking: string[] = [];
  const pairs = scans.flatMap((scan): AnnotatedScan[] => {
    const missing = missingChannels(scan, channels);
    const isOnly = scans.length === 1 && masks.length === 1;
    const mask = [...left].find((one) => isOnly || scan === nearest(one, scans));
    if (mask) left.delete(mask);
    if (missing.length > 0) lacking.push(`${scan.name}: drop also ${missing.join(', ')}.`);
    if (!mask) lacking.push(`${scan.name}: drop also its mask, such as ${scan.name}_mask.nii.gz.`);
    if (missing.length > 0 || !mask) return [];
    return [{ name: scan.name, files: scan.files.filter((file) => file !== undefined), mask }];
  });
  for (const mask of left) lacking.push(`${mask.name}: drop also the scan that it belongs to.`);
  return { pairs, lacking };
}

/** Whether a file is named as masks are. */
export function isMask(file: File): boolean {
  return atEnd.test(stem(file)) || atStart.test(stem(file)) || folder.test(pathOf(file));
}

/** The scan after which a mask is named: of `p1` and `p1_b`, `p1_b_mask` is that of the second. */
function nearest(mask: File, scans: readonly FileGroup[]): FileGroup | undefined {
  const name = stem(mask).replace(atStart, '');
  const named = scans.filter((scan) => {
    const own = scan.name.replace(/_0000$/, '');
    return name.startsWith(own) && !/^[\p{L}\p{N}]/u.test(name.slice(own.length));
  });
  return named.sort((a, b) => b.name.length - a.name.length)[0];
}

function stem({ name }: File): string {
  return name.replace(/\.nii(\.gz)?$/i, '');
}
