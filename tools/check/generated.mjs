// Makes a package with each generator in a project outside the repository, and does with it what its README says.
//
//   node tools/check/generated.mjs                     a variant, a backbone and a loss
//   node tools/check/generated.mjs --only=loss
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Finding } from './run.mjs';
import { checkGenerated, createContributions, kinds } from './tarballs/contributions.mjs';
import { packAll, publishedPackages } from './tarballs/pack.mjs';

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const chosen = values.only?.split(',') ?? kinds;
const work = mkdtempSync(join(tmpdir(), 'interseg-generated-'));
const started = performance.now();
const seconds = (from) => `${((performance.now() - from) / 1000).toFixed(1)} s`;

try {
  const tarballs = join(work, 'tarballs');
  mkdirSync(tarballs);
  const packed = await packAll(publishedPackages(), tarballs);
  const contributions = await createContributions(join(work, 'project'), packed, chosen);
  console.log(`packed and installed, ${seconds(started)}`);
  for (const kind of chosen) {
    const begun = performance.now();
    const tests = await checkGenerated(contributions, kind);
    console.log(`a new ${kind}: ${tests} tests of its contract, built, trained by its name, ${seconds(begun)}`);
  }
  console.log(`\nWhat the generators make works outside the repository, ${seconds(started)}.`);
} catch (error) {
  console.error(error instanceof Finding ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
