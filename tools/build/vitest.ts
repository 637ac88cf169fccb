import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { offerSoftwareVulkan } from './vulkan.ts';

/**
 * How every package is tested: on its sources (and on those of the packages it uses, by the export condition
 * `@interseg/source`), with a machine-readable result that `npm test` adds up.
 */
export function unitTests(name: string): ReturnType<typeof defineConfig> {
  offerSoftwareVulkan();
  const conditions = ['@interseg/source'];
  return defineConfig({
    resolve: {
      conditions,
      alias: [
        {
          find: /^@tensorflow\/tfjs-backend-cpu$/,
          replacement: fileURLToPath(new URL('cpu-backend.ts', import.meta.url)),
        },
      ],
    },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    test: {
      name,
      include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
      environment: 'node',
      pool: 'forks',
      maxWorkers: 2,
      // Nx asks for colours, which would colour what the processes under test print.
      env: { FORCE_COLOR: '0' },
      // Only against tests that hang: a machine may do other things meanwhile, or be held for minutes.
      testTimeout: 600_000,
      hookTimeout: 600_000,
      reporters: ['default', 'json'],
      outputFile: { json: 'test-results/results.json' },
    },
  });
}
