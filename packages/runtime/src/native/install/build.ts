import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compileBinding, layKernels, layout, testBinding } from './binding.ts';
import { unpackPackage } from './npm-package.ts';
import { type PinnedWheel, libraryNames, nodeApiHeaders, tfjsNode } from './pins.ts';
import { type OnProgress, measureFolder } from './progress.ts';
import { run } from './run.ts';
import type { Tools } from './tools.ts';
import { downloadWheel, computeSha256, unpackWheel } from './wheel.ts';

/** The description of a build and its sources; `manifest.json` in its folder. */
export interface Manifest {
  readonly tensorflow: string;
  readonly tfjsNode: string;
  readonly wheel: string;
  readonly sha256: string;
  readonly cuda: boolean;
  readonly bytes: number;
}

export interface BuildOptions {
  readonly tools: Tools;
  readonly pinned: PinnedWheel;
  readonly platform: string;
  readonly cuda: boolean;
  readonly wheel?: string;
  readonly tarballs?: string;
  readonly onProgress: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Makes a build beside its final folder and renames it when it works, so that there is never half a build.
 *
 * @param target the final folder; a temporary one is made next to it and removed afterwards
 */
export async function build(target: string, options: BuildOptions): Promise<Manifest> {
  const { tools, pinned, platform, onProgress, signal } = options;
  const work = await mkdtemp(`${target}.making-`);
  try {
    const made = join(work, 'build');
    await mkdir(made);
    const { npm, tar } = tools;
    const packages = { npm, tar, folder: join(work, 'npm'), tarballs: options.tarballs };
    onProgress({ step: 'download', message: `${tfjsNode.name} ${tfjsNode.version}, ${nodeApiHeaders.name}` });
    const sources = await unpackPackage(tfjsNode, packages);
    const headers = await unpackPackage(nodeApiHeaders, packages);
    const wheel =
      options.wheel ?? (await downloadWheel(tools.python!, pinned, join(work, 'wheel'), onProgress, signal));
    signal?.throwIfAborted();
    await unpackWheel(wheel, platform, made, onProgress);
    if (tools.strip !== undefined) await strip(tools.strip, made, platform);
    signal?.throwIfAborted();
    onProgress({ step: 'compile', message: `the binding, by ${tools.compiler}` });
    await compileBinding(made, { compiler: tools.compiler, sources, headers, platform });
    await layKernels(made, sources);
    for (const left of ['include', 'RECORD']) await rm(join(made, left), { recursive: true, force: true });
    onProgress({ step: 'test', message: 'loading TensorFlow and adding numbers' });
    const tensorflow = await testBinding(made);
    const manifest: Manifest = {
      tensorflow,
      tfjsNode: tfjsNode.version,
      wheel: wheel.split(/[\\/]/).at(-1)!,
      sha256: options.wheel === undefined ? pinned.sha256 : await computeSha256(wheel),
      cuda: options.cuda,
      bytes: await measureFolder(made),
    };
    await writeFile(join(made, layout.manifest), `${JSON.stringify(manifest, null, 2)}\n`);
    await rename(made, target);
    return manifest;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
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
