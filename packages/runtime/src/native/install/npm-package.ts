import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '@interseg/errors';
import type { PinnedPackage } from './pins.ts';
import { run } from './run.ts';

/**
 * Unpacks an npm package after checking it against the pinned digest. Runs no script of the package.
 *
 * @param tarballs a folder that may hold the tarball, as `npm pack` names it; otherwise npm downloads it
 * @returns the folder with the package's files
 * @throws DataError when the tarball in `tarballs` is not the original
 */
export async function unpackPackage(
  { name, version, integrity }: PinnedPackage,
  { npm, tar, folder, tarballs }: { npm: string; tar: string; folder: string; tarballs?: string },
): Promise<string> {
  const file = `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
  const isGiven = tarballs !== undefined && (await readdir(tarballs)).includes(file);
  const path = join(isGiven ? tarballs : folder, file);
  if (!isGiven) {
    await mkdir(folder, { recursive: true });
    await run(npm, ['pack', `${name}@${version}`, '--prefer-offline', '--silent', '--pack-destination', folder], {
      cwd: folder,
    });
  }
  const found = `sha512-${createHash('sha512')
    .update(await readFile(path))
    .digest('base64')}`;
  if (found !== integrity) {
    const ErrorClass = isGiven ? DataError : Error;
    throw new ErrorClass(`${file} has the digest ${found} and not ${integrity}: it is broken or not the original.`);
  }
  const target = join(folder, file.replace(/\.tgz$/, ''));
  await mkdir(target, { recursive: true });
  await run(tar, ['-xzf', path, '-C', target, '--strip-components=1']);
  return target;
}
