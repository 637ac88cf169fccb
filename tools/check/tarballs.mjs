// Packs every package and uses it from its tarball in an empty project outside the repository; the worked example and a generated variant,
// too (all that the generators make: generated.mjs).
//
//   node tools/check/tarballs.mjs                      with the Node at hand
//   node tools/check/tarballs.mjs --node 20,22,24      runs the examples with these, too (they come from npm)
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mapLimited } from './run.mjs';
import { forBrowsers } from '../build/for-browsers.mjs';
import { checkBrowserBundle, checkSideEffects } from './tarballs/bundle.mjs';
import { lintTarball } from './tarballs/lint.mjs';
import { checkGenerated, checkWorkedExample, createContributions } from './tarballs/contributions.mjs';
import { installNode } from './tarballs/node-versions.mjs';
import { packAll, publishedPackages } from './tarballs/pack.mjs';
import { createProject } from './tarballs/project.mjs';
import { checkTypes } from './tarballs/types.mjs';
import { runExample, runShellExample } from './tarballs/use.mjs';

const { values } = parseArgs({ options: { node: { type: 'string' }, only: { type: 'string' } } });
const started = performance.now();
const work = mkdtempSync(join(tmpdir(), 'interseg-tarballs-'));
const kilobytes = (bytes) => (bytes === undefined ? '–' : `${(bytes / 1000).toFixed(1)} kB`);
const findings = [];

/** One step on one package; what is wrong is told at the end, with all the rest that is. */
async function attempt(name, step, action) {
  const begun = performance.now();
  try {
    return await action();
  } catch (error) {
    findings.push(`${name}, ${step}: ${error.message}`);
    return undefined;
  } finally {
    if (process.env.INTERSEG_CHECK_TIMES) {
      console.log(`${name} ${step} ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    }
  }
}

try {
  const tarballs = join(work, 'tarballs');
  mkdirSync(tarballs);
  const packed = await packAll(publishedPackages(), tarballs);
  const chosen = packed.filter(({ name }) => values.only === undefined || values.only.split(',').includes(name));
  const nodes = await mapLimited(values.node?.split(',') ?? [], 1, (version) => installNode(work, version));
  const rows = await mapLimited(chosen, 2, async (one) => {
    const { name } = one;
    await attempt(name, 'publint and attw', () => lintTarball(one));
    const folder = await attempt(name, 'install', () => createProject(join(work, 'projects'), one, packed));
    if (folder === undefined) return { name, size: one.size };
    for (const node of [process.execPath, ...nodes]) {
      await attempt(name, `example on ${node}`, () => runExample(folder, one, node));
      if (name === 'cli') await attempt(name, `shell example on ${node}`, () => runShellExample(folder, one, node));
    }
    await attempt(name, 'types', () => checkTypes(folder, one));
    await attempt(name, 'side effects', () => checkSideEffects(folder, one));
    const bundle = forBrowsers.includes(name)
      ? await attempt(name, 'browser bundle', () => checkBrowserBundle(folder, one))
      : undefined;
    return { name, size: one.size, bundle };
  });
  if (values.only === undefined) {
    const contributions = await attempt('contributions', 'install', () =>
      createContributions(join(work, 'projects', 'contributions'), packed, ['variant']),
    );
    if (contributions) {
      await Promise.all([
        attempt('attention-unet', 'worked example', () => checkWorkedExample(contributions)),
        attempt('a generated variant', 'contract, build and training', () => checkGenerated(contributions, 'variant')),
      ]);
    }
  }
  console.log('package      tarball     example in a browser bundle, TensorFlow.js included');
  for (const { name, size, bundle } of rows) {
    console.log(`${name.padEnd(12)} ${kilobytes(size).padStart(8)} ${kilobytes(bundle).padStart(12)}`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
for (const finding of findings) console.error(`\n${finding}`);
const seconds = Math.round((performance.now() - started) / 1000);
console.log(
  `\n${findings.length === 0 ? 'Every package works from its tarball' : `${findings.length} findings`}, ${seconds} s.`,
);
process.exitCode = findings.length === 0 ? 0 : 1;
