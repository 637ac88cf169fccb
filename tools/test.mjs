// `npm test`: installs when needed, then format, lint, types, build, every package from its tarball, the API reference and every
// test, and adds the results up.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { nx, root, setUp } from './setup.mjs';

setUp();
const foldersIn = (parent) => readdirSync(join(root, parent)).map((name) => join(parent, name));
const folders = [...foldersIn('packages'), ...foldersIn('examples'), 'tools', 'tools/bench'];
for (const folder of folders) rmSync(join(root, folder, 'test-results'), { recursive: true, force: true });

const failedSteps = [];
const step = (name, run) => {
  console.log(`\n── ${name}`);
  if (run() !== 0) failedSteps.push(name);
};
step('format', () => {
  try {
    const prettier = join(root, 'node_modules', 'prettier', 'bin', 'prettier.cjs');
    execFileSync(process.execPath, [prettier, '--check', '--log-level=warn', '.'], { cwd: root, stdio: 'inherit' });
    return 0;
  } catch (error) {
    return error.status ?? 1;
  }
});
step('lint, types, build', () =>
  nx(['run-many', '-t', 'lint', 'typecheck', 'build', '--parallel=2', '--outputStyle=static']),
);
step('every package from its tarball', () => nx(['run', '@interseg/tools:tarballs', '--outputStyle=static']));
step('API reference: every public name documented', () => nx(['run', '@interseg/tools:api', '--outputStyle=static']));
step('tests', () => nx(['run-many', '-t', 'test', '--parallel=1', '--outputStyle=static']));

let passed = 0;
let failed = 0;
let skipped = 0;
console.log('');
for (const folder of folders) {
  const file = join(root, folder, 'test-results', 'results.json');
  if (!existsSync(file)) {
    if (existsSync(join(root, folder, 'vitest.config.ts'))) {
      failed++;
      console.log(`${folder}: no result`);
    }
    continue;
  }
  const result = JSON.parse(readFileSync(file, 'utf8'));
  const skips = result.numPendingTests + (result.numTodoTests ?? 0);
  // A file that could not even be loaded has no test that failed.
  const broken = result.testResults.filter(
    (one) => one.status === 'failed' && one.assertionResults.length === 0,
  ).length;
  passed += result.numPassedTests;
  failed += result.numFailedTests + broken;
  skipped += skips;
  console.log(`${folder}: ${result.numPassedTests} passed, ${result.numFailedTests + broken} failed, ${skips} skipped`);
}
for (const name of failedSteps) console.log(`failed: ${name}`);
if (failedSteps.length > 0 && failed === 0) failed = failedSteps.length;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
