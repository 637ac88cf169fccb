// `npm test`: installs when needed, then has Nx check and test everything (format, lint, types, builds, the API reference,
// every package from its tarball, all tests) and adds the results up. What has not changed comes from Nx' cache.
//
//   npm test
//   npm test -- --skip-nx-cache      repeats also what has not changed
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { nx, root, setUp } from './setup.mjs';

const targets = ['build', 'test', 'test-slow', 'tarballs', 'typecheck', 'api', 'lint', 'knip', 'format'];

setUp();
const results = resultFiles();
// What Nx says about its last run. (Not before the installation: it is a package.)
const { cacheDir } = await import('@nx/devkit');
const summary = join(cacheDir, 'run.json');
// Nx puts results from its cache back, so that a file that is missing at the end is that of a test that did not run.
for (const file of [...results.map((one) => join(root, one)), summary]) rmSync(file, { force: true });
const parallel = `--parallel=${Math.max(2, availableParallelism())}`;
const status = nx(['run-many', '-t', ...targets, parallel, '--outputStyle=static', ...process.argv.slice(2)]);

console.log('');
const sum = { passed: 0, failed: 0, skipped: 0 };
for (const failure of results.flatMap(failuresIn)) console.log(failure);
for (const file of results) {
  const found = countTests(file);
  for (const kind of Object.keys(sum)) sum[kind] += found[kind];
  console.log(`${file}: ${inWords(found)}`);
}
for (const { taskId } of failedChecks()) {
  console.log(`failed: ${taskId}`);
  sum.failed++;
}
if (status !== 0 && sum.failed === 0) sum.failed = 1;
console.log(inWords(sum));
process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;

/** Where vitest writes what each project's tests, and its slow ones, came to. */
function resultFiles() {
  const foldersIn = (parent) => readdirSync(join(root, parent)).map((name) => join(parent, name));
  return [...foldersIn('packages'), ...foldersIn('examples'), 'tools', ...foldersIn('tools')]
    .filter((folder) => existsSync(join(root, folder, 'vitest.config.ts')))
    .flatMap((folder) => {
      const tests = join(root, folder, 'test');
      const isSlow = existsSync(tests) && readdirSync(tests, { recursive: true }).some(isSlowTest);
      return ['results.json', ...(isSlow ? ['slow.json'] : [])].map((file) => join(folder, 'test-results', file));
    });
}

function isSlowTest(file) {
  return file.endsWith('.slow.test.ts');
}

function countTests(file) {
  if (!existsSync(join(root, file))) return { passed: 0, failed: 1, skipped: 0 };
  const result = readJson(file);
  // A file that could not be loaded, or prepared, has no test that failed.
  const broken = result.testResults.filter(
    (one) => one.status === 'failed' && !one.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  return {
    passed: result.numPassedTests,
    failed: result.numFailedTests + broken,
    skipped: result.numPendingTests + (result.numTodoTests ?? 0),
  };
}

/** The tests that failed, each with what it says first: what Nx prints of a task is far above by now. */
function failuresIn(file) {
  if (!existsSync(join(root, file))) return [];
  return readJson(file).testResults.flatMap((one) => {
    const where = relative(root, one.name);
    const failed = one.assertionResults.filter((test) => test.status === 'failed');
    const whole = failed.length === 0 && one.status === 'failed' ? [`${where}: ${firstLines(one.message)}`] : [];
    return [...whole, ...failed.map((test) => `${where} > ${test.fullName}: ${firstLines(test.failureMessages[0])}`)];
  });
}

function firstLines(message = '') {
  return message.split('\n').slice(0, 3).join('\n    ');
}

function readJson(file) {
  return JSON.parse(readFileSync(join(root, file), 'utf8'));
}

/** The tasks that failed and are no tests, which are counted by themselves. */
function failedChecks() {
  if (!existsSync(summary)) return [];
  const { tasks } = JSON.parse(readFileSync(summary, 'utf8'));
  return tasks.filter((task) => task.status !== 0 && !task.target.startsWith('test'));
}

function inWords({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
