import { join, resolve } from 'node:path';
import { DataError } from '@interseg/errors';
import { listFolder } from '@interseg/files';
import { imageStem, isImageName } from './image-name.ts';

/** The channel with which the name of a file ends, such as `_t1ce`, if any. */
export function channelFromFileName(path: string, channels: readonly string[]): string | undefined {
  return channels.find((channel) => imageStem(path).endsWith(`_${channel}`));
}

/**
 * Finds the images of a case in a folder of its own, one file per channel: by the names of the channels at the end of the
 * files' names (`_t1`, `_t1ce`, …, as in BraTS) or, if no name ends with a channel, by channel numbers (`_0000`, `_0001`,
 * …). Other files are ignored.
 *
 * @returns the paths in the order of the channels
 * @throws DataError if the folder is missing, or a channel has no file or several files
 */
export async function findCaseImages(folder: string, channels: readonly string[]): Promise<string[]> {
  const root = resolve(folder);
  const { files } = await listFolder(root, 'the folder of a case');
  const images = files.filter(isImageName);
  const hasNames = images.some((name) => channelFromFileName(name, channels) !== undefined);
  const endings = channels.map((channel, index) => (hasNames ? channel : String(index).padStart(4, '0')));
  return endings.map((ending) => {
    const found = images.filter((name) => imageStem(name).endsWith(`_${ending}`));
    if (found.length === 1) return join(root, found[0]!);
    throw new DataError(
      `${root}: ${found.length === 0 ? 'no file' : found.join(' and ')} for the channel ${ending}, ` +
        `expected one image whose name ends in _${ending}, and so for each of ${endings.join(', ')}.`,
    );
  });
}
