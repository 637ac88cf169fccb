import { afterEach, expect, test, vi } from 'vitest';
import type * as Packages from '../packages.ts';
import type * as Probe from '../webgpu/probe.ts';

const state = vi.hoisted(() => ({ hidden: [] as string[], adapter: undefined as object | undefined }));
vi.mock('../packages.ts', async (original) => {
  const packages = await original<typeof Packages>();
  return {
    ...packages,
    findRequire: (name: string) => (state.hidden.includes(name) ? undefined : packages.findRequire(name)),
  };
});
vi.mock('../webgpu/probe.ts', async (original) => ({
  ...(await original<typeof Probe>()),
  probeAdapter: async () => state.adapter,
}));
const { webgpu } = await import('./webgpu.ts');

afterEach(() => {
  state.hidden = [];
  state.adapter = undefined;
});

test.each([
  [['webgpu'], 'webgpu engine: the package webgpu is not installed; npm install webgpu@0.6.2.'],
  [
    ['webgpu', '@tensorflow/tfjs-backend-webgpu'],
    'webgpu engine: the packages webgpu and @tensorflow/tfjs-backend-webgpu are not installed; npm install webgpu@0.6.2 @tensorflow/tfjs-backend-webgpu@4.22.0.',
  ],
])('without %j it says how to install them', async (hidden, message) => {
  state.hidden = hidden;
  const command = /npm install .*(?=\.$)/.exec(message)?.[0];
  expect(await webgpu.status()).toEqual({
    name: 'webgpu',
    available: false,
    reason: message,
    command,
    training: false,
  });
  await expect(webgpu.start({}, true)).rejects.toThrow(message);
});

test('without a GPU it says so, and what to do', async () => {
  expect((await webgpu.status()).reason).toMatch(/^webgpu engine: Dawn finds no GPU .*; install the driver, or use /);
  await expect(webgpu.start({}, true)).rejects.toMatchObject({ name: 'EngineError', engine: 'webgpu' });
});

test('a program in the place of a GPU runs when asked for by name alone', async () => {
  state.adapter = { vendor: 'v', architecture: 'a', description: 'SwiftShader', isSoftware: true };
  const status = await webgpu.status();
  expect(status).toMatchObject({ available: true, training: true });
  expect(status.description).toMatch(/^webgpu \(SwiftShader, Dawn 0\.6\.2; a program in the place of a GPU, slow\)$/);
  expect(status.byNameOnly).toContain('ask for webgpu by name');
  await expect(webgpu.start({}, false)).rejects.toThrow(status.byNameOnly);
});

test('a GPU is told by its name, and auto may take it', async () => {
  state.adapter = { vendor: 'nvidia', architecture: 'hopper', description: '', isSoftware: false };
  const status = await webgpu.status();
  expect(status.description).toMatch(/^webgpu \(nvidia hopper, Dawn /);
  expect(status.byNameOnly).toBeUndefined();
});
