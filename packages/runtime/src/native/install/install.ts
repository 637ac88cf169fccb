import { mkdir, readdir, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { DataError } from '@interseg/errors';
import { EngineError, shortReason } from '../../engine-error.ts';
import { layout } from './binding.ts';
import { type Manifest, build } from './build.ts';
import { withLock } from './lock.ts';
import { pinnedWheel } from './pins.ts';
import { checkWheel } from './wheel.ts';
import { buildFolder, buildsFolder, cacheFolder, platform } from './places.ts';
import type { InstallProgress } from './progress.ts';
import { type Tools, findTools } from './tools.ts';

/** Where the parts of the native engine come from and go to. */
export interface InstallNativeOptions {
  /** Whether to take the TensorFlow that can use a GPU by CUDA (Linux x64 alone). */
  readonly cuda?: boolean;
  /** TensorFlow's wheel, downloaded before: nothing is downloaded from the Python index. */
  readonly wheel?: string;
  /** A folder with the tarballs of the npm packages that are needed, as `npm pack` names them: npm is not asked. */
  readonly tarballs?: string;
  /** The Python whose pip downloads the wheel; `INTERSEG_PYTHON`, `python3` or `python` unless told. */
  readonly python?: string;
  /** InterSeg's cache; that of the user unless told. */
  readonly cache?: string;
  /** Told of each step as it begins. */
  readonly onProgress?: (progress: InstallProgress) => void;
  readonly signal?: AbortSignal;
}

/** A build of the native engine. */
export interface NativeBuild extends Manifest {
  readonly folder: string;
}

/** What {@link nativeStatus} tells. */
export interface NativeStatus {
  /** The builds that are there; `useEngine` takes the one for CUDA first. */
  readonly builds: readonly NativeBuild[];
  /** Where builds lie. */
  readonly folder: string;
  /** What an installation would miss on this machine, one sentence each with how to get it. */
  readonly missing: readonly string[];
  /** The programs that an installation would use, where they were found. */
  readonly tools: Partial<Tools>;
}

/**
 * Builds the native engine: tfjs-node's own binding, against a current TensorFlow. Needs a C++ compiler and pip, which
 * are looked for first; downloads some 280 MB, needs 1.5 GB for two minutes and keeps 650 MB in the user's cache.
 * Called again it is done at once; a second process waits for the first.
 *
 * @throws EngineError with what is missing and how to get it, or what went wrong; nothing is left behind then
 * @throws DataError when the wheel or a tarball that was given is not the one that is needed
 */
export async function installNative(options: InstallNativeOptions = {}): Promise<NativeBuild> {
  const { cuda = false, onProgress = () => {}, signal } = options;
  const cache = options.cache ?? cacheFolder();
  const target = buildFolder(cache, cuda);
  const before = builtIn(target);
  if (before !== undefined) return before;
  const pinned = pinnedWheel(platform, cuda);
  const reason = pinned === undefined ? `no wheel of TensorFlow has its C library for ${platform}` : onMusl();
  if (reason !== undefined || pinned === undefined) {
    throw failure(`${reason}${cuda ? ' with CUDA' : ''}; use wasm.`);
  }
  const wheel = options.wheel === undefined ? undefined : resolve(options.wheel);
  onProgress({ step: 'check', message: 'compiler, tools and disk' });
  await mkdir(dirname(target), { recursive: true });
  if (wheel !== undefined) await checkWheel(wheel, pinned);
  const needs = { python: options.python, download: wheel === undefined, wheel: pinned, folder: dirname(target) };
  const { tools, missing } = await findTools(needs);
  if (missing.length > 0) throw failure(missing.join(' '));
  const work = async (): Promise<NativeBuild> => {
    const byOther = builtIn(target);
    if (byOther !== undefined) return byOther;
    await removeLeftovers(dirname(target));
    // A folder without a manifest was not made by a build that came to its end.
    await rm(target, { recursive: true, force: true });
    const { tarballs } = options;
    const manifest = await build(target, {
      ...{ tools: tools as Tools, pinned, platform, cuda, wheel, tarballs, onProgress, signal },
    });
    return { ...manifest, folder: target };
  };
  try {
    const onWait = (owner: string): void => onProgress({ step: 'wait', message: `${owner} is installing` });
    const made = await withLock(lockOf(cache), work, onWait, signal);
    onProgress({ step: 'done', message: `TensorFlow ${made.tensorflow}`, bytes: made.bytes, totalBytes: made.bytes });
    return made;
  } catch (error) {
    if (signal?.aborted === true) throw error;
    const message = `native engine: the installation failed: ${shortReason(error)}.`;
    if (error instanceof DataError) throw new DataError(message, { cause: error });
    throw new EngineError('native', message, { cause: error });
  }
}

/**
 * Removes all builds of the native engine from the user's cache.
 *
 * @returns how many bytes are free again
 */
export async function removeNative({ cache = cacheFolder() }: { cache?: string } = {}): Promise<number> {
  const builds = nativeBuilds(cache);
  await withLock(
    lockOf(cache),
    async () => {
      await removeLeftovers(buildsFolder(cache));
      for (const { folder } of builds) await rm(folder, { recursive: true, force: true });
    },
    () => {},
  );
  return builds.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Tells which builds of the native engine are there, and what the machine lacks for making one. */
export async function nativeStatus({ cache = cacheFolder() }: { cache?: string } = {}): Promise<NativeStatus> {
  const folder = buildsFolder(cache);
  const pinned = pinnedWheel(platform, false);
  const builds = nativeBuilds(cache);
  if (pinned === undefined)
    return { builds, folder, missing: [`TensorFlow has no C library for ${platform}.`], tools: {} };
  let existing = folder;
  while (
    await readdir(existing).then(
      () => false,
      () => true,
    )
  )
    existing = dirname(existing);
  const { missing, tools } = await findTools({ download: true, wheel: pinned, folder: existing });
  return { builds, folder, missing, tools };
}

/** The builds of this version for this machine, best first. */
export function nativeBuilds(cache: string = cacheFolder()): NativeBuild[] {
  return [true, false].flatMap((cuda) => builtIn(buildFolder(cache, cuda)) ?? []);
}

function builtIn(folder: string): NativeBuild | undefined {
  try {
    return { ...(JSON.parse(readFileSync(join(folder, layout.manifest), 'utf8')) as Manifest), folder };
  } catch {
    return undefined;
  }
}

/** Temporary folders of processes that were killed; called under the lock, so that none is in use. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (basename(name).includes('.making-')) await rm(join(folder, name), { recursive: true, force: true });
  }
}

function lockOf(cache: string): string {
  return join(buildsFolder(cache), 'install.lock');
}

function onMusl(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined ? 'TensorFlow needs glibc, which this Linux has not' : undefined;
}

function failure(message: string): EngineError {
  return new EngineError('native', `native engine: ${message}`);
}
