import { fileURLToPath } from 'node:url';
import { build } from 'tsup';

/** The folder of {@link buildCommand}, inside the package so that its dependencies are found from there. */
export const bundleFolder = fileURLToPath(new URL('../test-results/command/', import.meta.url));

/**
 * Bundles the command with the sources of the packages it uses, so that tests in a child process need no build and see
 * what is in the working tree.
 */
export async function buildCommand(): Promise<void> {
  await build({
    entry: [fileURLToPath(new URL('./command.ts', import.meta.url))],
    config: false,
    format: ['esm'],
    target: 'es2022',
    outDir: bundleFolder,
    noExternal: [/^@interseg\//],
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
