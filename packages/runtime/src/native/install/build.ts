import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DataError } from '@interseg/errors';
import { shortReason } from '../../engine-error.ts';
import { compileBinding, layKernels, layout, shareCore, testBinding } from './binding.ts';
import type { InstalledTensorflow } from './installed.ts';
import { unpackPackage } from './npm-package.ts';
import { type PinnedWheel, libraryNames, nodeApiHeaders, nodeApiVersion, recipe, tfjsNode } from './pins.ts';
import { type OnProgress, measureFolder } from './progress.ts';
import type { PipSettings } from './pip-settings.ts';
import { layReadyMade, readyMadeFolders, readyMadePackage, type ReadyMade } from './ready-made.ts';
import { run } from './run.ts';
import { takeFiles } from './tensorflow-files.ts';
import { canCompile, type CompilerTools, type Tools } from './tools.ts';
import { computeSha256, downloadByPip, unpackWheel } from './wheel.ts';

/** The description of a build and its sources; `manifest.json` in its folder. */
export interface Manifest {
  readonly tensorflow: string;
  readonly tfjsNode: string;
  /** The name of the wheel that TensorFlow's libraries come from. */
  readonly wheel: string;
  /** The SHA-256 of the wheel; where the libraries were copied from an installed package, of the first of them. */
  readonly sha256: string;
  /** The `site-packages` of the installed package that the libraries were copied from; absent with a wheel. */
  readonly copiedFrom?: string;
  readonly cuda: boolean;
  readonly bytes: number;
  /** The version of Node-API that the binding was compiled for, and that of the build process. */
  readonly nodeApi?: number;
  readonly recipe?: number;
  /** Where the binding comes from; absent in builds from before there were ready-made ones. */
  readonly binding?: 'ready-made' | 'compiled';
}

export interface BuildOptions {
  readonly tools: Tools;
  readonly pinned: PinnedWheel;
  readonly platform: string;
  readonly cuda: boolean;
  readonly wheel?: string;
  /** The installed TensorFlow to copy instead of a wheel. */
  readonly installed?: InstalledTensorflow;
  readonly tarballs?: string;
  /** The binding that needs no compiler, where its package is installed. */
  readonly readyMade?: ReadyMade;
  /** Where pip would download from. */
  readonly settings: PipSettings;
  readonly onProgress: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Makes a build beside its final folder and renames it when it works, so that there is never half a build.
 *
 * @param target the final folder; a temporary one is made next to it and removed afterwards
 */
export async function build(target: string, options: BuildOptions): Promise<Manifest> {
  const { platform, signal } = options;
  const work = await mkdtemp(`${target}.making-`);
  try {
    const made = join(work, 'build');
    await mkdir(made);
    const origin = await takeTensorflow(made, join(work, 'wheel'), options);
    if (options.tools.strip !== undefined) await strip(options.tools.strip, made, platform);
    signal?.throwIfAborted();
    await shareCore(made);
    const { tensorflow, binding } = await bind(made, join(work, 'npm'), options);
    for (const left of ['include', 'RECORD']) await rm(join(made, left), { recursive: true, force: true });
    const manifest: Manifest = {
      tensorflow,
      tfjsNode: tfjsNode.version,
      nodeApi: nodeApiVersion,
      recipe,
      ...origin,
      cuda: options.cuda,
      bytes: await measureFolder(made),
      binding,
    };
    await writeFile(join(made, layout.manifest), `${JSON.stringify(manifest, null, 2)}\n`);
    await rename(made, target);
    return manifest;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Puts TensorFlow's libraries and headers into a build, from the installed package, the given wheel or a downloaded one. */
async function takeTensorflow(
  made: string,
  downloads: string,
  options: BuildOptions,
): Promise<Pick<Manifest, 'wheel' | 'sha256' | 'copiedFrom'>> {
  const { installed, pinned, platform, onProgress, signal } = options;
  if (installed !== undefined) {
    await takeFiles(installed, platform, made, onProgress);
    return { wheel: installed.wheel, sha256: installed.sha256, copiedFrom: installed.sitePackages };
  }
  const path = options.wheel ?? (await downloadWheel(downloads, options));
  signal?.throwIfAborted();
  await unpackWheel(path, platform, made, onProgress);
  const sha256 = options.wheel === undefined ? pinned.sha256 : await computeSha256(path);
  return { wheel: basename(path), sha256 };
}

/** Downloads the wheel from the index itself, or with pip where it cannot and pip is there. */
async function downloadWheel(folder: string, options: BuildOptions): Promise<string> {
  const { tools, pinned, settings, readyMade, onProgress, signal } = options;
  const byPip = (python: string): Promise<string> => downloadByPip(python, pinned, folder, onProgress, signal);
  const url = readyMade?.wheel.url;
  if (settings.indexUrl === undefined && url === undefined) return byPip(tools.python!);
  try {
    // Brings an HTTP client along that nothing else needs.
    const { downloadFromIndex } = await import('./python-index.ts');
    return await downloadFromIndex(pinned, folder, { settings, url, onProgress, signal });
  } catch (error) {
    if (signal?.aborted || tools.python === undefined) throw error;
    onProgress({ step: 'download', message: `with pip, as ${shortReason(error)}` });
    await rm(folder, { recursive: true, force: true });
    return byPip(tools.python);
  }
}

/**
 * Puts the binding beside the libraries: the ready-made one if it is there and works with them, or one that is compiled.
 *
 * @returns TensorFlow's version as the library reports it
 */
async function bind(
  made: string,
  folder: string,
  options: BuildOptions,
): Promise<Required<Pick<Manifest, 'tensorflow' | 'binding'>>> {
  const { tools, platform, tarballs, readyMade, onProgress, signal } = options;
  const test = (): Promise<string> => {
    onProgress({ step: 'test', message: 'loading TensorFlow and adding numbers' });
    return testBinding(made);
  };
  if (readyMade) {
    onProgress({ step: 'extract', message: `the binding of ${readyMadePackage(platform)}` });
    try {
      await layReadyMade(made, readyMade);
      return { tensorflow: await test(), binding: 'ready-made' };
    } catch (error) {
      if (error instanceof DataError || !canCompile(tools)) throw error;
      for (const name of readyMadeFolders) await rm(join(made, name), { recursive: true, force: true });
      onProgress({ step: 'compile', message: `anew, as the ready-made binding does not load: ${shortReason(error)}` });
    }
  }
  const { npm, tar, compiler } = tools as CompilerTools;
  const packages = { npm, tar, folder, tarballs };
  onProgress({ step: 'download', message: `${tfjsNode.name} ${tfjsNode.version}, ${nodeApiHeaders.name}` });
  const sources = await unpackPackage(tfjsNode, packages);
  const headers = await unpackPackage(nodeApiHeaders, packages);
  signal?.throwIfAborted();
  onProgress({ step: 'compile', message: `the binding, by ${compiler}` });
  await compileBinding(made, { compiler, sources, headers, platform });
  await layKernels(made, sources);
  return { tensorflow: await test(), binding: 'compiled' };
}

/** Removes the symbols that nothing needs at run time, a quarter of the library. A failure costs disk space only. */
async function strip(program: string, made: string, platform: string): Promise<void> {
  for (const name of libraryNames(platform)) {
    const path = join(made, layout.libraries, name);
    const { size } = await stat(path);
    try {
      await run(program, ['--strip-unneeded', '-o', `${path}.stripped`, path]);
      if ((await stat(`${path}.stripped`)).size < size) await rename(`${path}.stripped`, path);
    } catch {
      // keep the whole library
    }
    await rm(`${path}.stripped`, { force: true });
  }
}
