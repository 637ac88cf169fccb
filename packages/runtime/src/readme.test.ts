import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'vite';
import { afterAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = `${root}test-results/readme`;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the example of the README runs', async () => {
  const [, example] = /```ts\n([\s\S]*?)```/.exec(readFileSync(`${root}README.md`, 'utf8'))!;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/example.ts`, example!.replace('@interseg/runtime', '../../src/index.ts'));
  const options = { ssr: `${folder}/example.ts`, outDir: `${folder}/built`, minify: false };
  // Other packages of the workspace from their sources: they need not be built.
  const ssr = { resolve: { conditions: ['@interseg/source'] }, noExternal: [/^@interseg/] };
  await build({ root, configFile: false, logLevel: 'silent', build: options, ssr });
  const { stdout } = await promisify(execFile)(process.execPath, [`${folder}/built/example.js`], { timeout: 30_000 });
  expect(stdout).toMatch(/^(wasm|native) \(.*\) true\n$/);
});
