import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build as bundle } from 'esbuild';
import { build } from 'vite';
import { browserExample } from '../../build/example.mjs';
import { forBrowsers } from '../../build/for-browsers.mjs';
import { Finding, run } from '../run.mjs';
import { checkPrinted } from './use.mjs';

/** Bundles the README's example for browsers with Vite, and runs the bundle. @returns its size in bytes */
export async function checkBrowserBundle(folder, { name, readme }) {
  const { code, promised } = browserExample(readme);
  writeFileSync(join(folder, 'browser.ts'), code);
  const refuseNode = {
    name: 'refuse-node',
    enforce: 'pre',
    resolveId(source, importer) {
      if (source.startsWith('node:') && importer?.includes('@interseg')) {
        throw new Finding(`${name} imports ${source}, which no browser has.`);
      }
    },
  };
  const result = await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    plugins: [refuseNode],
    build: { target: 'es2022', outDir: 'browser', lib: { entry: 'browser.ts', formats: ['es'], fileName: 'bundle' } },
  });
  const [{ output }] = Array.isArray(result) ? result : [result];
  // TensorFlow.js sees that Node runs the bundle, and takes what a browser would give it from Node's modules.
  const [{ fileName }] = output;
  const script = `import { createRequire } from 'node:module';
globalThis.require = createRequire(import.meta.url);
await import('./${fileName}');`;
  writeFileSync(join(folder, 'browser', 'run.mjs'), script);
  checkPrinted(
    `${name} in a browser bundle`,
    await run(process.execPath, ['browser/run.mjs'], { cwd: folder }),
    promised,
  );
  return output.reduce((sum, chunk) => sum + Buffer.byteLength(chunk.code ?? ''), 0);
}

/** Whether importing a package for nothing leaves nothing in a bundle, as its `sideEffects` says. */
export async function checkSideEffects(folder, { name, manifest }) {
  const { outputFiles } = await bundle({
    stdin: { contents: `import '${manifest.name}';`, resolveDir: folder },
    bundle: true,
    write: false,
    format: 'esm',
    platform: forBrowsers.includes(name) ? 'browser' : 'node',
    logLevel: 'silent',
    external: ['@tensorflow/*'],
  });
  const isEmpty = outputFiles[0].text.replace(/^import .*;$|^\/\/.*$/gm, '').trim() === '';
  if (isEmpty !== (manifest.sideEffects === false)) {
    throw new Finding(
      `${name}: importing it for nothing leaves ${isEmpty ? 'nothing' : 'something'} in a bundle, but sideEffects says ${JSON.stringify(manifest.sideEffects)}.`,
    );
  }
}
