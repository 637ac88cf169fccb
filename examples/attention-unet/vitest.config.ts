import { defineConfig } from 'vitest/config';

// InterSeg from its sources ('@interseg/source'), as this lies in its own repository.
const conditions = ['@interseg/source'];
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    name: 'attention-unet',
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 600_000,
    reporters: ['default', ['json', { outputFile: 'test-results/results.json' }]],
  },
});
