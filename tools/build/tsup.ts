import { defineConfig } from 'tsup';

/**
 * How every package is built: one ESM file per entry with its types. Nothing of another package is bundled but the packages
 * named, whose types are bundled, too: for a package that is to have no dependency.
 */
export function library(
  entry: string[] | Record<string, string> = ['src/index.ts'],
  bundled: string[] = [],
): ReturnType<typeof defineConfig> {
  return defineConfig({
    entry,
    format: ['esm'],
    target: 'es2022',
    // Types of other packages come from their builds, which are there before, rather than from their sources.
    dts: { resolve: bundled.length > 0 ? bundled : false, compilerOptions: { customConditions: [] } },
    noExternal: bundled,
    sourcemap: true,
    clean: true,
    splitting: true,
    treeshake: true,
  });
}
