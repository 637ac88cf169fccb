import { afterAll, beforeAll } from 'vitest';
import { testFusedNormalization } from '../../testing/fused-normalization.ts';
import type { Engine } from '../../types.ts';
import { useEngine } from '../../use-engine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine('wasm', { threads: 2 });
});
afterAll(() => engine.release?.());

testFusedNormalization();
