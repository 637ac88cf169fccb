import { join } from 'node:path';
import { DataError } from '@interseg/errors';
import { listFolder } from '@interseg/files';
import { imageStem, isImageName } from './image-name.ts';

/** The images of one case, with its id, which is the name of its label map. */
export interface FoundImages {
  readonly id: string;
  readonly images: readonly string[];
}

/** The names that the folders of images and labels may have. */
const folderPairs = [
  ['images', 'labels'],
  ['imagesTr', 'labelsTr'],
] as const;

/** The folders of images and labels among the folders of a data set, if it has them. */
export function imageAndLabelFolders(folders: readonly string[]): readonly [string, string] | undefined {
  return folderPairs.find((pair) => pair.every((name) => folders.includes(name)));
}

/** The names of the images in a folder, without those that start with a dot. */
export async function imageNames(folder: string): Promise<string[]> {
  return (await listFolder(folder, 'a folder of images')).files.filter(isImageName);
}

/**
 * Groups the images of a folder by case: one file per case or, if names end with a channel number of four digits as in
 * nnU-Net (`case_0000`, `case_0001`, …), one file per channel.
 *
 * @param names the names of the images
 * @param hasChannelNumbers whether the names end with channel numbers
 * @throws DataError if a case occurs twice, a channel is missing, or cases have different numbers of channels
 */
export function groupImages(folder: string, names: readonly string[], hasChannelNumbers: boolean): FoundImages[] {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const stem = imageStem(name);
    const id = hasChannelNumbers ? stem.slice(0, -5) : stem;
    groups.set(id, [...(groups.get(id) ?? []), name]);
  }
  const [first] = groups.values();
  return [...groups].map(([id, files]) => {
    if (!hasChannelNumbers && files.length > 1) {
      throw new DataError(`${folder}: found ${files.join(' and ')}, expected only one of them.`);
    }
    if (hasChannelNumbers) checkChannels(folder, id, files, first!.length);
    return { id, images: files.map((name) => join(folder, name)) };
  });
}

/** Whether all names end with a channel number, and not the labels' names as well, as `case_0001` might. */
export function haveChannelNumbers(images: readonly string[], labels: readonly string[]): boolean {
  const stems = images.map(imageStem);
  const labelStems = new Set(labels.map(imageStem));
  return stems.every((stem) => /._\d{4}$/.test(stem)) && !stems.some((stem) => labelStems.has(stem));
}

function checkChannels(folder: string, id: string, files: readonly string[], count: number): void {
  // Sorted by name, and therefore by number.
  const numbers = files.map((name) => Number(imageStem(name).slice(-4)));
  const isRight = files.length === count && numbers.every((number, index) => number === index);
  if (isRight) return;
  const last = String(count - 1).padStart(4, '0');
  throw new DataError(
    `${folder}: the case ${id} has ${files.join(', ')}, ` +
      `expected ${count === 1 ? 'the channel 0000' : `the channels 0000 to ${last}`}, once each, as the first case has.`,
  );
}
