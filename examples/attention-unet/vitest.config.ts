import { defineConfig } from 'vitest/config';

// As any package would have it; the condition takes InterSeg from its sources while it lies in InterSeg's own repository.
const conditions = ['@interseg/source'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    name: 'attention-unet',
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    reporters: ['default', ['json', { outputFile: 'test-results/results.json' }]],
  },
});
