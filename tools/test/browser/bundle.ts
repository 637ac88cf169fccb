import { build, type BuildOptions } from 'esbuild';

/** Sees in which page a script runs: reports what it throws, which no test could see otherwise. */
const banner = `for (const kind of ['error', 'unhandledrejection']) addEventListener(kind, (event) => {
  const error = String((event.error ?? event.reason)?.message ?? event.message);
  fetch('/result', { method: 'POST', body: JSON.stringify({ error }) });
});`;

/**
 * Bundles a module for browsers from the sources, as one script. That it can be made says that nothing in it needs a module
 * of Node.
 *
 * @param entry a file, or code in TypeScript with the folder from which it imports
 */
export async function bundle(entry: string | { code: string; folder: string }): Promise<string> {
  const source: BuildOptions =
    typeof entry === 'string'
      ? { entryPoints: [entry] }
      : { stdin: { contents: entry.code, loader: 'ts', resolveDir: entry.folder } };
  const { outputFiles } = await build({
    ...source,
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['@interseg/source'],
    banner: { js: banner },
    logLevel: 'silent',
  });
  return outputFiles![0]!.text;
}
