import type { EngineStatus } from '@interseg/runtime';
import { expect, it } from 'vitest';
import { adviceFor, type Findings } from './advice.ts';

const engine = (name: EngineStatus['name'], available: boolean, reason?: string): EngineStatus => ({
  name,
  available,
  training: available,
  ...(reason !== undefined && { reason }),
});
const lacking: Findings = {
  engines: [
    engine('native', false, 'native engine: it is not installed.'),
    { ...engine('webgpu', false, 'webgpu engine: it is not installed.'), command: 'npm install a b' },
    engine('wasm', true),
  ],
  native: { builds: [], folder: '/cache', missing: [], tools: {} },
  nvidia: [],
  onnx: 'onnxruntime-node',
  platform: 'linux x64',
  freeMemoryBytes: 8 * 2 ** 30,
};
const commands = (findings: Partial<Findings>): unknown[] =>
  adviceFor({ ...lacking, ...findings }).map((one) => one.command);

it('names the command for each engine that is not installed', () => {
  expect(commands({})).toEqual(['interseg engine install', 'npm install a b']);
});

it('with an NVIDIA GPU advises CUDA first, on the platform that has it', () => {
  expect(commands({ nvidia: ['H100'] })[0]).toBe('interseg engine install --cuda');
  expect(commands({ nvidia: ['H100'], platform: 'win32 x64' })[0]).toBe('interseg engine install');
});

it('without the native engine advises onnxruntime-node for prediction, which onnxruntime-web does not replace', () => {
  const expected = ['interseg engine install', 'npm install onnxruntime-node', 'npm install a b'];
  expect(commands({ onnx: undefined })).toEqual(expected);
  expect(commands({ onnx: 'onnxruntime-web' })).toEqual(expected);
  const engines = [engine('native', true), engine('wasm', true)];
  expect(commands({ engines, onnx: undefined })).toEqual([]);
});

it('says what a build would miss instead of a command that would fail', () => {
  const native = { ...lacking.native, missing: ['There is no C++ compiler: install one.'] };
  expect(adviceFor({ ...lacking, native })[0]).toEqual({
    what: 'For the native engine: There is no C++ compiler: install one.',
  });
});

it('has nothing to say where the best is there, but that memory is short', () => {
  const engines = [engine('native', true), engine('webgpu', true), engine('wasm', true)];
  expect(adviceFor({ ...lacking, engines })).toEqual([]);
  const [advice] = adviceFor({ ...lacking, engines, freeMemoryBytes: 2 ** 30 });
  expect(advice?.what).toContain('Only 1.0 GiB of memory is free');
});
