import { cp, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DataError } from '@interseg/errors';
import { layout } from './binding.ts';
import { nodeApiVersion, recipe, tensorflowVersion, tfjsNode, type PinnedWheel } from './pins.ts';
import { computeSha256 } from './wheel.ts';

/** What `engine.json` in a package with a ready-made binding says. */
export interface ReadyMadeManifest {
  readonly tensorflow: string;
  readonly tfjsNode: string;
  readonly nodeApi: number;
  readonly recipe: number;
  /** The wheel whose libraries the binding was linked with, and where it is on the public index. */
  readonly wheel: { readonly sha256: string; readonly url: string };
  /** The SHA-256 of each file that is copied into a build, by its path. */
  readonly files: Readonly<Record<string, string>>;
}

/** A package with a binding that needs no compiler. */
export interface ReadyMade extends ReadyMadeManifest {
  readonly folder: string;
}

/** The package for a platform, such as `@interseg/engine-linux-x64`. */
export const readyMadePackage = (platform: string): string => `@interseg/engine-${platform}`;

/**
 * Finds the installed package with the ready-made binding for a platform: that of the project in the current folder, or
 * one installed beside InterSeg.
 *
 * @param from folders or files of projects to look in
 * @returns undefined where it is not installed, or is made for another TensorFlow, tfjs-node or build process
 */
export async function findReadyMade(
  platform: string,
  pinned: PinnedWheel,
  from: readonly string[] = [join(process.cwd(), 'package.json'), import.meta.url],
): Promise<ReadyMade | undefined> {
  for (const place of from) {
    const folder = resolvePackage(readyMadePackage(platform), place);
    if (folder === undefined) continue;
    const manifest = JSON.parse(await readFile(join(folder, 'engine.json'), 'utf8')) as ReadyMadeManifest;
    const fits =
      manifest.tensorflow === tensorflowVersion &&
      manifest.tfjsNode === tfjsNode.version &&
      manifest.nodeApi === nodeApiVersion &&
      manifest.recipe === recipe &&
      manifest.wheel.sha256 === pinned.sha256;
    if (fits) return { ...manifest, folder };
  }
  return undefined;
}

function resolvePackage(name: string, from: string): string | undefined {
  try {
    return dirname(createRequire(from).resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

/**
 * Copies a ready-made binding and tfjs-node's kernels into a build.
 *
 * @throws DataError when a file is not the one that the package was made with
 */
export async function layReadyMade(build: string, { folder, files }: ReadyMade): Promise<void> {
  for (const [name, digest] of Object.entries(files)) {
    const found = await computeSha256(join(folder, name));
    if (found !== digest || name.split('/').includes('..')) {
      throw new DataError(`${join(folder, name)} is not the file of the release: install the package again.`);
    }
    await cp(join(folder, name), join(build, name));
  }
}

/** The files of a build that a package with a ready-made binding holds: all but TensorFlow's libraries. */
export const readyMadeFolders = [dirname(layout.binding), 'tfjs-node'] as const;
