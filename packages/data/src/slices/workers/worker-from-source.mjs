import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * The program of a worker thread as one text, for running from the sources (as tests do), which older versions of Node cannot
 * load by themselves. The built package has a file of its own for it and does not contain this one.
 *
 * @returns {Promise<string>} a CommonJS program
 */
export async function workerProgram() {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./worker-thread.ts', import.meta.url))],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'es2022',
    // Other packages of the workspace are taken from their sources, too: none of them need be built.
    conditions: ['@interseg/source'],
  });
  return outputFiles[0].text;
}
