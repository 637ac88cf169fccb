import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../../setup.mjs';

/**
 * Bundles the `interseg` command with the sources of this checkout, so that it needs no build and later edits do not
 * change a race that is on. Inside the package, from where its dependencies are found; removed when the process ends.
 *
 * @returns {Promise<string>} the path of the command, for Node
 */
export async function bundleInterSeg() {
  const folder = await bundleSources({
    command: join(root, 'packages', 'cli', 'test', 'command.ts'),
    // What @interseg/data runs in other threads, under the name and in the place of its own build.
    'worker-thread': join(root, 'packages', 'data', 'src', 'slices', 'workers', 'worker-thread.ts'),
  });
  return join(folder, 'command.js');
}

/**
 * Bundles programs with the sources of the packages of this checkout.
 *
 * @param {Record<string, string>} entryPoints their paths by the names that they get, without `.js`
 * @returns {Promise<string>} the folder with them
 */
export async function bundleSources(entryPoints) {
  const folder = join(root, 'packages', 'cli', 'test-results', `quality-${process.pid}`);
  await build({
    entryPoints,
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'es2022',
    conditions: ['@interseg/source'],
    logLevel: 'warning',
    plugins: [
      {
        name: 'other-packages-stay-outside',
        setup({ onResolve }) {
          onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
            kind === 'entry-point' || path.startsWith('@interseg/') ? undefined : { path, external: true },
          );
        },
      },
    ],
  });
  return folder;
}

/** Removes the bundle again. */
export async function removeBundle() {
  await rm(join(root, 'packages', 'cli', 'test-results', `quality-${process.pid}`), { recursive: true, force: true });
}
