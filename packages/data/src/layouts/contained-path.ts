import { isAbsolute, relative, resolve, sep } from 'node:path';
import { DataError } from '@interseg/errors';

/**
 * The absolute path of a file that a data set names. It must be in the folder of the data set, because a description from
 * someone else must not make this program read (or report on) other files.
 *
 * @param source the file that contains the path, for the error
 * @throws DataError if the path is absolute or leads out of the folder
 */
export function containedPath(folder: string, name: string, source: string): string {
  const path = resolve(folder, name);
  const inside = relative(folder, path);
  const leaves = inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside);
  if (leaves || isAbsolute(name) || /^[a-zA-Z]:|\\|\0/.test(name)) {
    throw new DataError(
      `${source}: found the path ${JSON.stringify(name)}, expected a file inside the folder of the data set.`,
    );
  }
  return path;
}
