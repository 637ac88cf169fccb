/** Files that are one scan. */
export interface FileGroup {
  /** What its files have in common: a name for people. */
  readonly name: string;
  /** In the order of the channels; `undefined` for what is not there yet. One file alone may hold all channels. */
  readonly files: readonly (File | undefined)[];
  /** What the names of its files say of them; undefined for a file that stands alone. */
  readonly key?: string;
}

/**
 * Sorts NIfTI files into scans. A model of one channel has a scan in every file. For several, names tell which files belong
 * together: they differ in the name of the channel (`p1_T1.nii.gz`, `p1_FLAIR.nii.gz`) or end in its number as in nnU-Net
 * (`p1_0000.nii.gz`). Any other file is a scan that holds all channels.
 */
export function groupFiles(files: readonly File[], channels: readonly string[]): FileGroup[] {
  if (channels.length === 1) return files.map((file) => ({ name: stem(file.name), files: [file] }));
  const groups: { name: string; key?: string; files: (File | undefined)[] }[] = [];
  for (const file of files) {
    const found = channelOf(stem(file.name), channels);
    if (!found) {
      groups.push({ name: stem(file.name), files: [file] });
      continue;
    }
    const { key, channel } = found;
    let group = groups.find((one) => one.key === key && one.files[channel] === undefined);
    if (!group) groups.push((group = { name: key || stem(file.name), key, files: channels.map(() => undefined) }));
    group.files[channel] = file;
  }
  return groups;
}

/** Adds what a scan lacks from another group of the same name. @returns undefined where they do not go together */
export function joinGroups(scan: FileGroup, other: FileGroup): FileGroup | undefined {
  if (scan.key === undefined || scan.key !== other.key) return undefined;
  if (scan.files.some((file, channel) => file && other.files[channel])) return undefined;
  return { ...scan, files: scan.files.map((file, channel) => file ?? other.files[channel]) };
}

/** The names of the channels for which there is no file yet. */
export function missingChannels({ files }: FileGroup, channels: readonly string[]): string[] {
  if (files.length === 1) return [];
  return channels.filter((_, channel) => files[channel] === undefined);
}

/** Whether a file is named as NIfTI files are. */
export function isNifti({ name }: File): boolean {
  return /\.nii(\.gz)?$/i.test(name);
}

/** The name of a file without what says that it is NIfTI. */
function stem(name: string): string {
  return name.replace(/\.nii(\.gz)?$/i, '');
}

const comparable = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

function channelOf(name: string, channels: readonly string[]): { key: string; channel: number } | undefined {
  const numbered = /^(.*)_(\d{4})$/.exec(name);
  if (numbered && Number(numbered[2]) < channels.length) return { key: numbered[1]!, channel: Number(numbered[2]) };
  const parts = name.split(/([^\p{L}\p{N}]+)/u);
  for (let place = parts.length - 1; place >= 0; place -= 2) {
    const channel = channels.findIndex((one) => comparable(one) === comparable(parts[place]!));
    if (channel === -1) continue;
    // With the separator before it, or, where it comes first, the one after it.
    const rest = parts.filter((_, index) => index !== place && index !== (place === 0 ? 1 : place - 1));
    return { key: rest.join(''), channel };
  }
  return undefined;
}
