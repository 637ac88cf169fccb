import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { refuseSecondCore } from './one-core.ts';
import { findPackageFolder, findRequire } from './packages.ts';

const backend = '@tensorflow/tfjs-backend-cpu';
const project = mkdtempSync(join(tmpdir(), 'project-'));
afterAll(() => rmSync(project, { recursive: true }));

test('a package on our copy of tfjs-core is accepted', () => {
  expect(() => refuseSecondCore(findRequire(backend)!, backend)).not.toThrow();
});

test('a package beside another copy of tfjs-core is refused, with both versions', () => {
  for (const name of [backend, '@tensorflow/tfjs-core']) {
    const files = ['package.json', 'dist/tf-core.node.js', 'dist/tf-backend-cpu.node.js'];
    const folder = findPackageFolder(name)!;
    const wanted = files.map((file) => join(folder, file));
    cpSync(folder, join(project, 'node_modules', name), {
      recursive: true,
      filter: (path) => path === folder || path === join(folder, 'dist') || wanted.includes(path),
    });
  }
  const require = createRequire(join(project, 'package.json'));
  expect(() => refuseSecondCore(require, backend)).toThrow(
    /tfjs-backend-cpu uses a second copy of @tensorflow\/tfjs-core \(4\.\d+\.\d+\) beside InterSeg's \(4\.\d+\.\d+\)/,
  );
});
