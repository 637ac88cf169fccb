import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { findPackageFolder } from '../packages.ts';
import { startThreadedModule } from './threaded-module.ts';

test('the threaded module starts within a second, and leaves process, os and globals as they were', async () => {
  const os = createRequire(import.meta.url)('node:os') as { cpus: unknown };
  const before = {
    exceptions: process.listeners('uncaughtException'),
    rejections: process.listeners('unhandledRejection'),
    cpus: os.cpus,
    worker: Object.hasOwn(globalThis, 'Worker'),
  };
  const start = performance.now();
  const { module, memory } = await startThreadedModule(findPackageFolder('@tensorflow/tfjs-backend-wasm')!, 3);
  expect(performance.now() - start).toBeLessThan(1000);
  expect(process.listeners('uncaughtException')).toEqual(before.exceptions);
  expect(process.listeners('unhandledRejection')).toEqual(before.rejections);
  expect(os.cpus).toBe(before.cpus);
  expect(Object.hasOwn(globalThis, 'Worker')).toBe(before.worker);
  expect(module.HEAPU8.buffer).toBe(memory.buffer);
  module.tfjs?.initWithThreadsCount?.(3);
  expect(module.tfjs?.getThreadsCount?.()).toBe(3);
  module.PThread?.terminateAllThreads();
});
