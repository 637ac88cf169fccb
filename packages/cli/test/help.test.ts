import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { catalogue } from '../src/commands/catalogue.ts';
import manifest from '../package.json' with { type: 'json' };
import { intersegHere as interseg } from './support.ts';

const commands = catalogue.flatMap(({ entries }) =>
  entries.flatMap((entry) =>
    'commands' in entry ? entry.commands.map(({ name }) => `${entry.name} ${name}`) : [entry.name],
  ),
);

describe('help', () => {
  it('lists every command and says what exit statuses mean', async () => {
    const { status, stdout, stderr } = await interseg('--help');
    expect([status, stderr]).toEqual([0, '']);
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command.split(' ')[0]}\\b`, 'm'));
    expect(stdout).toContain('130 interrupted');
  });

  it.each(commands)('of %s has options, an example and no line that is too long', async (command) => {
    const { status, stdout, stderr } = await interseg(...command.split(' '), '--help');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('--json');
    expect(stdout).toContain(`$ interseg ${command}`);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  it('is what a command line without a command gets, as bad usage', async () => {
    for (const commandLine of [[], ['data'], ['engine']]) {
      const { status, stdout, stderr } = await interseg(...commandLine);
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toContain(['Usage: interseg', ...commandLine].join(' '));
    }
  });
});

it('prints the version', async () => {
  expect(await interseg('--version')).toEqual({ status: 0, stdout: `interseg ${manifest.version}\n`, stderr: '' });
});

it('lists the variants', async () => {
  const { stdout } = await interseg('variants', '--json');
  const names = (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['unet', 'unetpp', 'twi-unet', 'twi-unetpp']));
  expect((await interseg('variants')).stdout).toMatch(/^twi-unet +TWI-U-Net +\S/m);
});

it('lists the engines and marks the one that auto takes', async () => {
  const { stdout } = await interseg('engine', 'list', '--json');
  const list = JSON.parse(stdout) as {
    name: string;
    available: boolean;
    auto: boolean;
    reason?: string;
    byNameOnly?: string;
  }[];
  expect(list.map(({ name }) => name)).toEqual(['native', 'webgpu', 'wasm', 'cpu']);
  expect(list.filter(({ auto }) => auto)).toEqual([
    list.find(({ available, byNameOnly }) => available && byNameOnly === undefined),
  ]);
  for (const { available, reason } of list) expect(available || reason).toBeTruthy();
  expect((await interseg('engine', 'list')).stdout).toMatch(/^\w+ \* +yes /m);
});

it('lets an engine compute what is known', async () => {
  const { status, stdout, stderr } = await interseg('engine', 'check', 'wasm', '--json');
  const check = JSON.parse(stdout) as { passed: boolean; computations: unknown[]; gigaflops: number };
  expect(status).toBe(0);
  expect(stderr).toContain('engine: wasm');
  expect(check.passed).toBe(true);
  expect(check.computations.length).toBeGreaterThan(3);
  expect(check.gigaflops).toBeGreaterThan(0);
  const unknown = await interseg('engine', 'check', 'quantum');
  expect([unknown.status, unknown.stdout]).toEqual([2, '']);
  expect(unknown.stderr).toContain('quantum');
});

describe.skipIf(process.platform !== 'linux')('engine install', () => {
  // A cache of its own, as what is installed already would be done at once.
  beforeEach(async () => void vi.stubEnv('XDG_CACHE_HOME', await mkdtemp(join(tmpdir(), 'interseg-cli-'))));
  afterEach(() => void vi.unstubAllEnvs());

  it('says what is missing before it installs anything', async () => {
    for (const name of ['PATH', 'CXX', 'INTERSEG_PYTHON']) vi.stubEnv(name, '');
    const { status, stdout, stderr } = await interseg('engine', 'install', '--python', 'no-such-python');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/native engine: .*There is no C\+\+ compiler.*There is no Python with pip.*\.$/m);
  });

  it('takes a wheel that is not there for bad input', async () => {
    const { status, stdout, stderr } = await interseg('engine', 'install', '--wheel', 'nowhere.whl');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: nowhere\.whl is not the wheel that is needed: .*\.$/m);
  });

  it('takes a folder without TensorFlow, or two sources of it, for bad input', async () => {
    const absent = await interseg('engine', 'install', '--tensorflow', 'nowhere');
    expect([absent.status, absent.stdout]).toEqual([2, '']);
    expect(absent.stderr).toMatch(
      /^error: nowhere has no TensorFlow, expected the package's folder tensorflow, .*\.$/m,
    );
    const both = await interseg('engine', 'install', '--tensorflow', 'nowhere', '--wheel', 'nowhere.whl');
    expect([both.status, both.stdout]).toEqual([2, '']);
    expect(both.stderr).toMatch(/^error: wheel and tensorflow are both given: .*\.$/m);
  });
});

it('tells what the machine has, and what auto takes', async () => {
  const { status, stdout } = await interseg('doctor', '--json');
  const diagnosis = JSON.parse(stdout) as {
    machine: { cores: number; memoryBytes: number; freeMemoryBytes: number };
    engines: { name: string; available: boolean }[];
    auto: string;
    versions: Record<string, string>;
  };
  expect(status).toBe(0);
  expect(diagnosis.machine.cores).toBeGreaterThan(0);
  expect(diagnosis.machine.freeMemoryBytes).toBeLessThanOrEqual(diagnosis.machine.memoryBytes);
  expect(diagnosis.engines.find(({ name }) => name === diagnosis.auto)).toMatchObject({ available: true });
  expect(diagnosis.versions['@tensorflow/tfjs-core']).toMatch(/^4\./);
  const { stdout: text } = await interseg('doctor');
  expect(text).toContain(process.version);
  expect(text).toMatch(/^onnxruntime +onnxruntime-(node|web) \d/m);
  expect(text).toMatch(new RegExp(`^\\* ${diagnosis.auto} +yes `, 'm'));
});

it('times a step and an inference on an engine', async () => {
  const flags = ['--variants', 'unet', '--size', '16', '--batch', '1', '--filters', '2,4', '--rounds', '3'];
  const { status, stdout, stderr } = await interseg('engine', 'bench', ...flags, '--engines', 'wasm', '--json');
  expect(status, stderr).toBe(0);
  const { results } = JSON.parse(stdout) as {
    results: { variant: string; engine: string; step: { median: number }; ratio: { step: { median: number } } }[];
  };
  expect(results).toMatchObject([{ variant: 'unet', engine: 'wasm', ratio: { step: { median: 1 } } }]);
  expect(results[0]!.step.median).toBeGreaterThan(0);
  const unknown = await interseg('engine', 'bench', '--variants', 'vnet');
  expect([unknown.status, unknown.stdout]).toEqual([2, '']);
  expect(unknown.stderr).toContain("--variants: found 'vnet', expected some of");
});
