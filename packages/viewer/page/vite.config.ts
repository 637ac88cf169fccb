import { fileURLToPath } from 'node:url';
import { defineConfig, type UserConfig } from 'vite';
import { codecsWithoutNode } from './build/codecs-without-node.ts';
import { licences } from './build/licences.ts';
import { offline } from './build/offline.ts';

/** The page, as static files that work under any address. Packages come from their sources. */
export default defineConfig(({ command }) => {
  // Whoever builds may have set another one, as test runners do; Vite would then build what is for developers.
  if (command === 'build') process.env['NODE_ENV'] = 'production';
  return page;
});

const page: UserConfig = {
  base: './',
  resolve: {
    conditions: ['@interseg/source', 'browser', 'module', 'import', 'default'],
    alias: [{ find: /^zarrita$/, replacement: fileURLToPath(new URL('build/no-zarr.ts', import.meta.url)) }],
  },
  plugins: [codecsWithoutNode(), licences(), offline()],
  worker: { format: 'es', plugins: () => [codecsWithoutNode(), licences({ isWorker: true })] },
  build: {
    target: 'es2022',
    outDir: '../dist/page',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 4000,
  },
};
