import { mkdir, readdir, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { DataError, OptionError } from '@interseg/errors';
import { EngineError, shortReason } from '../../engine-error.ts';
import { layout } from './binding.ts';
import { type Manifest, build } from './build.ts';
import { findInstalled } from './installed.ts';
import { withLock } from './lock.ts';
import { pinnedWheel, type PinnedWheel } from './pins.ts';
import { readPipSettings } from './pip-settings.ts';
import { checkWheel } from './wheel.ts';
import { buildFolder, buildsFolder, cacheFolder, platform } from './places.ts';
import type { InstallProgress } from './progress.ts';
import { findReadyMade } from './ready-made.ts';
import { type Tools, findTools } from './tools.ts';

/** Options of {@link installNative}: the sources of the native engine and its destination. */
export interface InstallNativeOptions {
  /** Whether to use the TensorFlow with CUDA, for NVIDIA GPUs (Linux x64 only). Defaults to `false`. */
  readonly cuda?: boolean;
  /** The path of TensorFlow's wheel, downloaded before: nothing is downloaded from the Python index. */
  readonly wheel?: string;
  /**
   * A Python environment with the pinned TensorFlow installed by pip: the package's folder `tensorflow`, the
   * `site-packages` that holds it, or the environment's root. Its libraries are copied instead of downloaded, so that the
   * environment can be removed afterwards; no Python runs.
   */
  readonly tensorflow?: string;
  /**
   * A folder with the tarballs of the required npm packages, as `npm pack` names them: nothing is downloaded by npm.
   */
  readonly tarballs?: string;
  /**
   * The Python whose pip downloads the wheel where InterSeg cannot itself. Defaults to `INTERSEG_PYTHON`, `python3` or
   * `python`.
   */
  readonly python?: string;
  /** InterSeg's cache. Defaults to that of the user. */
  readonly cache?: string;
  /** Called as each step begins. */
  readonly onProgress?: (progress: InstallProgress) => void;
  readonly signal?: AbortSignal;
}

/** A build of the native engine. */
export interface NativeBuild extends Manifest {
  readonly folder: string;
}

/** The result of {@link nativeStatus}. */
export interface NativeStatus {
  /** The existing builds; `useEngine` tries the one for CUDA first. */
  readonly builds: readonly NativeBuild[];
  /** The folder of all builds. */
  readonly folder: string;
  /** What an installation lacks on this machine: a sentence for each, with how to get it. */
  readonly missing: readonly string[];
  /** The programs that an installation would use, as far as they were found. */
  readonly tools: Tools;
}

/**
 * Builds the native engine: tfjs-node's own binding, on a current TensorFlow. With the package
 * `@interseg/engine-<platform>` installed, the binding is ready-made and TensorFlow's wheel is downloaded without Python,
 * from the index and by the proxy that pip is set to. Otherwise it looks for a C++ compiler and pip first. It downloads
 * about 280 MB, needs 1.5 GB for two minutes and keeps 650 MB in the user's cache. Where the build exists, it returns at
 * once; a second process waits for the first.
 *
 * @throws EngineError that says what is missing and how to get it, or what went wrong; it leaves nothing behind
 * @throws DataError when the given wheel, the installed TensorFlow or a given tarball is not the required one or damaged
 * @throws OptionError when both `wheel` and `tensorflow` are given
 */
export async function installNative(options: InstallNativeOptions = {}): Promise<NativeBuild> {
  const { cuda = false, onProgress = () => {}, signal } = options;
  if (options.wheel !== undefined && options.tensorflow !== undefined) {
    throw new OptionError('wheel and tensorflow are both given: TensorFlow can come from one of them only.');
  }
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
  const installed =
    options.tensorflow === undefined ? undefined : await findInstalled(options.tensorflow, pinned, platform);
  const isGiven = wheel !== undefined || installed !== undefined;
  const { readyMade, settings, needs } = await findSources(pinned, { cuda, isGiven });
  const { tools, missing } = await findTools({ ...needs, python: options.python, folder: dirname(target) });
  if (missing.length > 0) throw failure(missing.join(' '));
  const work = async (): Promise<NativeBuild> => {
    const byOther = builtIn(target);
    if (byOther !== undefined) return byOther;
    await removeLeftovers(dirname(target));
    // A folder without a manifest is not from a complete build.
    await rm(target, { recursive: true, force: true });
    const { tarballs } = options;
    const manifest = await build(target, {
      ...{ tools, pinned, platform, cuda, wheel, installed, tarballs, readyMade, settings, onProgress, signal },
    });
    return { ...manifest, folder: target };
  };
  try {
    const onWait = (owner: string): void => onProgress({ step: 'wait', message: `${owner} is installing` });
    const made = await withLock(lockPath(cache), work, onWait, signal);
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
 * @returns the number of bytes that were freed
 */
export async function removeNative({ cache = cacheFolder() }: { cache?: string } = {}): Promise<number> {
  const builds = nativeBuilds(cache);
  await withLock(
    lockPath(cache),
    async () => {
      await removeLeftovers(buildsFolder(cache));
      for (const { folder } of builds) await rm(folder, { recursive: true, force: true });
    },
    () => {},
  );
  return builds.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Reports which builds of the native engine exist, and what this machine lacks to make one. */
export async function nativeStatus({ cache = cacheFolder() }: { cache?: string } = {}): Promise<NativeStatus> {
  const folder = buildsFolder(cache);
  const pinned = pinnedWheel(platform, false);
  const builds = nativeBuilds(cache);
  if (pinned === undefined) {
    return { builds, folder, missing: [`TensorFlow has no C library for ${platform}.`], tools: {} };
  }
  let existing = folder;
  while (
    await readdir(existing).then(
      () => false,
      () => true,
    )
  ) {
    existing = dirname(existing);
  }
  const { needs } = await findSources(pinned, { cuda: false, isGiven: false });
  const { missing, tools } = await findTools({ ...needs, folder: existing });
  return { builds, folder, missing, tools };
}

/**
 * Looks where binding and wheel can come from, and what that takes.
 *
 * @param isGiven whether TensorFlow is there already, as a wheel or installed
 */
async function findSources(pinned: PinnedWheel, { cuda, isGiven }: { cuda: boolean; isGiven: boolean }) {
  // It was linked with the libraries of the wheel without CUDA.
  const readyMade = cuda ? undefined : await findReadyMade(platform, pinned);
  const settings = await readPipSettings();
  const byItself = settings.indexUrl !== undefined || readyMade !== undefined;
  const download = !isGiven && (byItself || ('pip' as const));
  return { readyMade, settings, needs: { compile: readyMade === undefined, download, wheel: pinned } };
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

/** Removes temporary folders of killed processes; called under the lock, so that none is in use. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (basename(name).includes('.making-')) await rm(join(folder, name), { recursive: true, force: true });
  }
}

function lockPath(cache: string): string {
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
