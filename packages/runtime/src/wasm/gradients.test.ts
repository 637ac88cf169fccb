import { beforeAll } from 'vitest';
import { testAgreement } from '../testing/agreement.ts';
import { useEngine } from '../use-engine.ts';

beforeAll(async () => {
  await useEngine('cpu');
  await useEngine('wasm', { threads: 2 });
});

testAgreement('wasm', { value: 3e-6, gradient: 1e-5 });
