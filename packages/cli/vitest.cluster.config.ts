import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { unitTests } from '../../tools/build/vitest.ts';

const config = unitTests('cli on schedulers') as ViteUserConfig;

/** The tests on real schedulers, one file after the other. */
export default defineConfig({
  ...config,
  test: {
    ...config.test,
    include: ['test/cluster/*.cluster.ts'],
    globalSetup: ['./test/bundle.ts'],
    testTimeout: 600_000,
    hookTimeout: 300_000,
    fileParallelism: false,
    reporters: ['verbose'],
  },
});
