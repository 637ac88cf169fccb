import { defineConfig } from 'tsup';

/** How every package is built: one ESM file per entry with its types; nothing of another package is bundled. */
export function library(entry: string[] | Record<string, string> = ['src/index.ts']): ReturnType<typeof defineConfig> {
  return defineConfig({
    entry,
    format: ['esm'],
    target: 'es2022',
    dts: true,
    sourcemap: true,
    clean: true,
    splitting: true,
    treeshake: true,
  });
}
