import { realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { layouts, registerLayouts } from '@interseg/data';
import { DataError } from '@interseg/errors';
import { exists, isObject, readJsonObject } from '@interseg/files';
import { registerPlugin, segmentationLosses, variants } from '@interseg/models';
import { resolve as resolveModule } from 'import-meta-resolve';

/** Packages of which a plugin must use our copy: two copies do not share variants, layers and tensors. */
const shared = [
  '@interseg/models',
  '@interseg/core-layers',
  '@interseg/onnx',
  '@tensorflow/tfjs-layers',
  '@tensorflow/tfjs-core',
];

/** The modules that registered something when they were imported. */
const selfRegistered = new Set<string>();

/**
 * Imports plugins: packages whose default export is a `Plugin` of `@interseg/models`, or that define variants and losses
 * when they are imported. Loading a plugin again changes nothing.
 *
 * @param names package names, or paths of a package folder or a module (absolute, or starting with a dot)
 * @param folders folders to resolve package names from, besides the working directory
 * @throws DataError or OptionError naming the plugin: it is missing, cannot be imported, defines nothing, or has its own
 * copies of packages that InterSeg uses
 */
export async function loadPlugins(names: readonly string[], folders: readonly string[] = []): Promise<void> {
  for (const name of names) await loadPlugin(name, [process.cwd(), ...folders]);
}

/** The name of a plugin for later use in any folder: a path becomes absolute. */
export function lastingName(name: string, folder = process.cwd()): string {
  return isPath(name) ? resolve(folder, name) : name;
}

async function loadPlugin(name: string, folders: readonly string[]): Promise<void> {
  const url = await find(name, folders);
  await refuseCopies(name, fileURLToPath(url));
  const before = countRegistered();
  let module: { default?: unknown };
  try {
    module = (await import(/* @vite-ignore */ url)) as { default?: unknown };
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().replace(/\.$/, '') : String(error);
    throw new DataError(`Plugin ${name}: cannot be imported (${reason}).`, { cause: error });
  }
  const plugin = module.default;
  // A module runs at its first import only.
  if (countRegistered() > before) selfRegistered.add(url);
  if (plugin === undefined && selfRegistered.has(url)) return;
  registerPlugin(name, plugin, ['layouts']);
  if (isObject(plugin) && plugin['layouts'] !== undefined) registerLayouts(name, plugin['layouts']);
}

/** How many things plugins have registered, or the packages themselves. */
function countRegistered(): number {
  return variants().length + segmentationLosses().length + layouts().length;
}

async function find(name: string, folders: readonly string[]): Promise<string> {
  if (isPath(name)) return findPath(name, resolve(name));
  let reason: unknown;
  for (const folder of folders) {
    try {
      return resolveModule(name, pathToFileURL(join(await realPathOf(folder), 'plugin')).href);
    } catch (error) {
      reason ??= error;
    }
  }
  const isMissing = (reason as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND';
  const places = [...new Set(folders.map((folder) => resolve(folder)))].join(', ');
  const found = isMissing ? `found no such package from ${places}` : (reason as Error).message.replace(/\.$/, '');
  throw new DataError(`Plugin ${name}: ${found}; expected an installed package, or a path that starts with ./ or /.`, {
    cause: reason,
  });
}

async function findPath(name: string, path: string): Promise<string> {
  const kind = await stat(path).catch(() => undefined);
  if (!kind) throw new DataError(`Plugin ${name}: found nothing there, expected a package folder or a module.`);
  if (!kind.isDirectory()) return pathToFileURL(path).href;
  const manifest = await readJsonObject(join(path, 'package.json'), "a package's manifest");
  try {
    // A package resolves its own name to its own entry.
    return resolveModule(String(manifest['name']), pathToFileURL(join(path, 'package.json')).href);
  } catch (error) {
    const reason = (error as Error).message.replace(/\.$/, '');
    throw new DataError(`Plugin ${name}: found no entry (${reason}), expected a built package with exports.`, {
      cause: error,
    });
  }
}

async function refuseCopies(name: string, file: string): Promise<void> {
  for (const library of shared) {
    const [theirs, ours] = await Promise.all([
      installed(library, dirname(await realPathOf(file))),
      installed(library, dirname(fileURLToPath(import.meta.url))),
    ]);
    if (theirs === undefined || ours === undefined || theirs === ours) continue;
    throw new DataError(
      `Plugin ${name}: it uses ${library} in ${theirs}, but InterSeg the one in ${ours}; install both in one project, with ${library} as a peer dependency of the plugin.`,
    );
  }
}

/** The folder of the package that Node finds from a folder. */
async function installed(name: string, from: string): Promise<string | undefined> {
  const candidate = join(from, 'node_modules', name);
  if (await exists(join(candidate, 'package.json'))) return realpath(candidate);
  const parent = dirname(from);
  return parent === from ? undefined : installed(name, parent);
}

function realPathOf(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}

function isPath(name: string): boolean {
  return name.startsWith('.') || isAbsolute(name);
}
