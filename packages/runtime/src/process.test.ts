import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { engines } from './use-engine.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = `${root}test-results/process`;

beforeAll(async () => {
  await build({
    root,
    configFile: false,
    logLevel: 'silent',
    build: { ssr: 'src/index.ts', outDir: folder, emptyOutDir: true, minify: false },
    // Other packages of the workspace from their sources: they need not be built.
    ssr: { resolve: { conditions: ['@interseg/source'] }, noExternal: [/^@interseg/] },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program on the built package in a process of its own; `timeout` fails a process that does not end. */
async function run(
  body: string,
  flags: string[] = [],
  environment: Record<string, string> = {},
): Promise<{ stdout: string; stderr: string }> {
  const file = `${folder}/program.mjs`;
  writeFileSync(
    file,
    `import * as tf from '@tensorflow/tfjs-core'; import { EngineError, engines, useEngine } from './index.js'; ${body}`,
  );
  return promisify(execFile)(process.execPath, [...flags, file], {
    timeout: 30_000,
    env: { ...process.env, ...environment },
  });
}

const webgpu = (await engines()).find(({ name }) => name === 'webgpu')!;

test.skipIf(!webgpu.available).each([['webgpu']])('a process on %s trains and ends by itself', async (name) => {
  const { stdout, stderr } = await run(`
    const engine = await useEngine('${name}');
    const kernel = tf.variable(tf.fill([3, 3, 1, 2], 0.1));
    const image = tf.ones([1, 8, 8, 1]);
    const optimizer = tf.train.adam(0.05);
    const loss = () => tf.mean(tf.square(tf.conv2d(image, kernel, 1, 'same')));
    const numbers = [];
    const [first] = await loss().data();
    for (let step = 0; step < 6; step++) numbers.push(tf.memory().numTensors, optimizer.minimize(loss));
    const last = loss();
    console.log(engine.name, numbers[4] === numbers[10], (await last.data())[0] < first);
  `);
  expect(stdout).toBe('webgpu true true\n');
  expect(stderr).toBe('');
});

test.skipIf(process.platform !== 'linux')('webgpu without a driver is an error, never another engine', async () => {
  const { stdout, stderr } = await run(
    `await useEngine('cpu');
    const error = await useEngine('webgpu').catch((error) => error);
    console.log(error instanceof EngineError, error.engine, tf.getBackend(), error.message);`,
    [],
    { VK_ICD_FILENAMES: '/no/such/driver.json' },
  );
  expect(stdout).toMatch(/^true webgpu cpu webgpu engine: Dawn finds no GPU [^.]*\.so\.1\)[^.]*\.\n$/);
  expect(stderr).toBe('');
});

test.each(['auto', 'wasm', 'cpu'])('a process on %s ends by itself and prints nothing of its own', async (name) => {
  const { stdout, stderr } = await run(`
    await engines();
    const engine = await useEngine(${JSON.stringify(name)});
    const slope = tf.grad((x) => tf.square(x))(tf.scalar(3));
    console.log(engine.name === 'cpu' || engine.threads > 0, await slope.array());
  `);
  expect(stdout).toBe('true 6\n');
  expect(stderr).toBe('');
});

test('an exception in user code ends the process as it does without us', async () => {
  const failure = run(
    `await useEngine('wasm', { threads: 2 }); setTimeout(() => { throw new Error('from user code'); });`,
  );
  await expect(failure).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('Error: from user code') });
});

test('where workers are forbidden, wasm runs on one thread, and says so', async () => {
  const known = process.allowedNodeEnvironmentFlags;
  const permission = known.has('--permission') ? '--permission' : '--experimental-permission';
  const body = `
    const engine = await useEngine('wasm', { threads: 2 });
    console.log(engine.threads, engine.description, await tf.add(tf.scalar(3), 4).array());
  `;
  const { stdout } = await run(body, [permission, '--allow-fs-read=*']);
  expect(stdout).toMatch(/^1 wasm \(SIMD, 1 thread; 2 threads cannot be had: .+\) 7\n$/);
});
