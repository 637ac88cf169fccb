import { beforeAll, describe } from 'vitest';
import { testAgreement } from '../testing/agreement.ts';
import { engines, useEngine } from '../use-engine.ts';

const { available, reason } = (await engines()).find(({ name }) => name === 'webgpu')!;

describe.skipIf(!available)(`webgpu${available ? '' : ` (skipped: ${reason})`}`, () => {
  beforeAll(async () => {
    await useEngine('cpu');
    await useEngine('webgpu');
  });

  testAgreement('webgpu', { value: 3e-6, gradient: 1e-5, places: 4 });
});
