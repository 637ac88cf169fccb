import { beforeAll, describe } from 'vitest';
import { testFusedNormalization } from '../../testing/fused-normalization.ts';
import { engines, useEngine } from '../../use-engine.ts';

const { available, reason } = (await engines()).find(({ name }) => name === 'webgpu')!;

describe.skipIf(!available)(`webgpu${available ? '' : ` (skipped: ${reason})`}`, () => {
  beforeAll(async () => {
    await useEngine('webgpu');
  });

  testFusedNormalization();
});
