import { fileURLToPath } from 'node:url';
import { build, type Options } from 'tsup';

/**
 * The folder of {@link buildCommand}, inside the package so that its dependencies are found from there. Slow tests, which
 * may run at the same time as the others, have one of their own; so has what the command looks for beside it.
 */
const name = process.env['INTERSEG_TEST_BUNDLE'] ?? 'command';
export const bundleFolder = fileURLToPath(new URL(`../test-results/${name}/bundle/`, import.meta.url));

/**
 * Node reads the large files of TensorFlow.js twice when a module imports them, as it looks for the names that they export;
 * `require` is there in four fifths of the time. Tests start some two hundred processes.
 */
const required = /^(@tensorflow\/|zod$|commander$|yaml$|pngjs$)/;
const requirePackages: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'require-packages',
  setup({ onResolve, onLoad }) {
    // What is only loaded later is left to Node: esbuild would not give it its names.
    onResolve({ filter: required }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'required' } : { path, external: true },
    );
    onLoad({ filter: /.*/, namespace: 'required' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};

/**
 * Bundles the command with the sources of the packages it uses, so that tests in a child process need no build and see
 * what is in the working tree.
 */
export async function buildCommand(): Promise<void> {
  await build({
    entry: {
      command: fileURLToPath(new URL('./command.ts', import.meta.url)),
      // What @interseg/data and @interseg/dicom run in other threads, under the names and in the places of their builds.
      'worker-thread': fileURLToPath(new URL('../../data/src/slices/workers/worker-thread.ts', import.meta.url)),
      'decode-worker-node': fileURLToPath(
        new URL('../../dicom/src/pixels/decoding/decode-worker-node.js', import.meta.url),
      ),
    },
    config: false,
    format: ['esm'],
    target: 'es2022',
    outDir: bundleFolder,
    noExternal: [/^@interseg\//, required],
    esbuildPlugins: [requirePackages],
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    esbuildOptions: (options) => {
      options.conditions = ['@interseg/source'];
    },
    dts: false,
    silent: true,
    clean: true,
  });
}

/** For vitest's `globalSetup`. */
export default buildCommand;
