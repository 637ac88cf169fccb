import { homedir } from 'node:os';
import { join } from 'node:path';
import { nodeApiVersion, recipe, tensorflowVersion, tfjsNode } from './pins.ts';

/** This platform, such as `linux-x64`. */
export const platform = `${process.platform}-${process.arch}`;

/**
 * InterSeg's cache of this user, never inside a project: `$XDG_CACHE_HOME/interseg`, `~/Library/Caches/interseg` or
 * `%LOCALAPPDATA%\interseg`.
 */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env, system = process.platform): string {
  if (system === 'win32') return join(environment['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'interseg');
  if (system === 'darwin') return join(homedir(), 'Library', 'Caches', 'interseg');
  const xdg = environment['XDG_CACHE_HOME'];
  // The XDG specification says to ignore a relative path.
  return join(xdg?.startsWith('/') === true ? xdg : join(homedir(), '.cache'), 'interseg');
}

/** The folder of all builds of the native engine. */
export function buildsFolder(cache: string): string {
  return join(cache, 'native');
}

/** The folder of one build, whose name contains everything that the build depends on. */
export function buildFolder(cache: string, cuda: boolean): string {
  const key = [
    `tensorflow-${tensorflowVersion}${cuda ? '-cuda' : ''}`,
    `tfjs-node-${tfjsNode.version}`,
    `napi-${nodeApiVersion}`,
    platform,
    `r${recipe}`,
  ].join('_');
  return join(buildsFolder(cache), key);
}
