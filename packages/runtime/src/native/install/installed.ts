import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DataError } from '@interseg/errors';
import { type PinnedWheel, tensorflowVersion } from './pins.ts';
import { type TensorflowSource, libraryPaths, readRecord } from './tensorflow-files.ts';

/** TensorFlow as pip installed it. */
export interface InstalledTensorflow extends TensorflowSource {
  /** The folder that holds its folder `tensorflow`: mostly a `site-packages`. */
  readonly sitePackages: string;
  /** The name of the wheel that it was installed from. */
  readonly wheel: string;
  /** The recorded SHA-256 of the first library, in hexadecimal. */
  readonly sha256: string;
}

/** A package in a `site-packages`, by the folder where pip wrote down what it installed. */
interface Distribution {
  readonly sitePackages: string;
  readonly info: string;
  /** Such as `tensorflow-cpu`. */
  readonly name: string;
  readonly version: string;
}

/**
 * Finds TensorFlow in a Python environment and checks that it is the package, the version and the platform that the
 * binding is made for. Runs no Python.
 *
 * @param folder the package's folder `tensorflow`, the `site-packages` that holds it, or the root of the environment
 * @throws DataError when there is none, it is another one, or a library is missing
 */
export async function findInstalled(
  folder: string,
  pinned: PinnedWheel,
  platform: string,
): Promise<InstalledTensorflow> {
  const { sitePackages, info } = await findDistribution(folder, pinned.packageName);
  const remedy = `install it again by pip install --force-reinstall --no-deps ${pinned.packageName}==${tensorflowVersion}`;
  const read = (name: string): Promise<string> =>
    readFile(join(info, name), 'utf8').catch((error: unknown) => {
      throw new DataError(`${info} has no ${name}, which pip writes; ${remedy}.`, { cause: error });
    });
  const tag = fittingTag(await read('WHEEL'), info, pinned.platformTag);
  const record = await read('RECORD');
  const files = new Map(readRecord(record).map((line) => [line.file, line]));
  const libraries = libraryPaths(platform);
  for (const library of libraries) {
    const status = await stat(join(sitePackages, library)).catch(() => undefined);
    if (!status?.isFile()) throw new DataError(`${sitePackages} has no ${library}; ${remedy}.`);
    if (!files.has(library)) throw new DataError(`${info} has no digest of ${library} in RECORD; ${remedy}.`);
  }
  return {
    ...{ sitePackages, record, remedy },
    name: sitePackages,
    sizes: new Map([...files].map(([file, { size }]) => [file, size])),
    wheel: `${pinned.packageName.replace('-', '_')}-${tensorflowVersion}-${tag}.whl`,
    sha256: Buffer.from(files.get(libraries[0]!)!.digest, 'base64url').toString('hex'),
    copy: (file, path, onBytes) => copyFile(join(sitePackages, file), path, { remedy, onBytes }),
  };
}

/** Finds the package of the pinned version. @throws DataError when there is none, with what is there instead */
async function findDistribution(folder: string, packageName: PinnedWheel['packageName']): Promise<Distribution> {
  const places = await findSitePackages(resolve(folder));
  if (places.length === 0) {
    throw new DataError(
      `${folder} has no TensorFlow, expected the package's folder tensorflow, the site-packages that holds it, or the root of the Python environment.`,
    );
  }
  const found = (await Promise.all(places.map(readDistributions))).flat();
  const chosen = found.find(({ name, version }) => name === packageName && version === tensorflowVersion);
  if (chosen !== undefined) return chosen;
  const [other] = found;
  const what =
    other === undefined
      ? `${places[0]} has TensorFlow without the dist-info of tensorflow or tensorflow-cpu`
      : `${other.sitePackages} has ${other.name} ${other.version}`;
  // On Linux x64, the package tensorflow is the one for GPUs.
  const isForGpu = other?.name === 'tensorflow' && other.version === tensorflowVersion;
  const hint = isForGpu ? ', or ask for CUDA, which this package is for' : '';
  const expected = `${packageName} ${tensorflowVersion}`;
  throw new DataError(`${what}, expected ${expected}: pip install ${packageName}==${tensorflowVersion}${hint}.`);
}

/** Finds the tag of the pinned platform in a package's `WHEEL`. */
function fittingTag(wheelFile: string, info: string, platformTag: string): string {
  const tags = [...wheelFile.matchAll(/^Tag: *(\S+)/gm)].map((match) => match[1]!);
  const [system, machine] = platformTag.match(/^(manylinux|macosx)|(x86_64|aarch64|arm64)$/g) as [string, string];
  const tag = tags.find((one) => one.includes(`-${system}`) && one.endsWith(`_${machine}`));
  if (tag !== undefined) return tag;
  const found = tags.join(', ') || 'an unknown platform';
  throw new DataError(`${info} is for ${found}, expected a package for ${system} and ${machine}.`);
}

/** The folders with a folder `tensorflow` that a path can mean. */
async function findSitePackages(folder: string): Promise<string[]> {
  const lib = join(folder, 'lib');
  const pythons = (await readdir(lib).catch(() => [])).filter((name) => /^python3\.\d+$/.test(name));
  const places = [folder, ...pythons.map((name) => join(lib, name, 'site-packages'))];
  if (basename(folder) === 'tensorflow') places.unshift(dirname(folder));
  const holds = await Promise.all(
    places.map((place) =>
      stat(join(place, 'tensorflow', '__init__.py')).then(
        () => true,
        () => false,
      ),
    ),
  );
  return places.filter((_, k) => holds[k]);
}

async function readDistributions(sitePackages: string): Promise<Distribution[]> {
  const names = (await readdir(sitePackages)).filter((name) => /^tensorflow([-_]cpu)?-[^-]+\.dist-info$/i.test(name));
  const found = names.sort().map(async (folder): Promise<Distribution[]> => {
    const info = join(sitePackages, folder);
    const metadata = await readFile(join(info, 'METADATA'), 'utf8').catch(() => '');
    const field = (key: string): string | undefined => metadata.match(new RegExp(`^${key}: *(\\S+)`, 'm'))?.[1];
    const [name, version] = [field('Name'), field('Version')];
    // The usual form of a name (PEP 503): pip takes tensorflow_cpu and tensorflow-cpu for the same.
    const usual = name?.toLowerCase().replaceAll(/[-_.]+/g, '-');
    return usual === undefined || version === undefined ? [] : [{ sitePackages, info, name: usual, version }];
  });
  return (await Promise.all(found)).flat();
}

/** Copies a file rather than linking it: the environment may be removed, or changed by pip. */
async function copyFile(
  from: string,
  to: string,
  { remedy, onBytes }: { remedy: string; onBytes: (bytes: number) => void },
): Promise<string> {
  await mkdir(dirname(to), { recursive: true });
  const hash = createHash('sha256');
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      onBytes(chunk.length);
      done(null, chunk);
    },
  });
  try {
    await pipeline(createReadStream(from, { highWaterMark: 2 ** 20 }), count, createWriteStream(to));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new DataError(`${from} is missing, which RECORD lists; ${remedy}.`, { cause: error });
  }
  return hash.digest('base64url');
}
