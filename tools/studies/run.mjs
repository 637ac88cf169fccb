// `node tools/studies/run.mjs STUDY [--engine NAME]`: makes the study's phantoms, trains every network of its `compare.yaml` and writes
// the table of results beside it. What is finished is not repeated, so that the same command goes on after an interruption.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nx, root, setUp } from '../setup.mjs';
import { resultsTable } from './results-table.mjs';

const folder = join(root, 'studies');
const studies = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'compare.yaml')))
  .map(({ name }) => name);
const [study, ...flags] = process.argv.slice(2);
if (!studies.includes(study)) {
  console.error(
    `usage: node tools/studies/run.mjs STUDY [flags of interseg compare]; the studies are ${studies.join(', ')}; found ${study ?? 'none'}.`,
  );
  process.exit(2);
}

setUp();
if (nx(['run-many', '-t', 'build', '--outputStyle=static'], { stdio: ['ignore', 'ignore', 'inherit'] }) !== 0) {
  process.exit(1);
}

const files = join(folder, study);
const work = join(root, 'runs', 'studies', study);
const phantoms = JSON.parse(readFileSync(join(files, 'phantoms.json'), 'utf8'));
const data = join(work, 'phantoms');
if (!existsSync(join(data, 'dataset.json'))) {
  interseg([
    'data',
    'phantom',
    '--out',
    data,
    ...Object.entries(phantoms).flatMap(([name, value]) => [`--${name}`, value]),
  ]);
}
const out = join(work, 'comparison');
interseg(['compare', '--config', join(files, 'compare.yaml'), '--data', data, '--out', out, ...flags]);
const comparison = JSON.parse(readFileSync(join(out, 'comparison.json'), 'utf8'));
writeFileSync(join(files, 'results.md'), resultsTable(study, comparison));
console.error(`written: studies/${study}/results.md; the whole report: runs/studies/${study}/comparison/report.html`);

/** Runs the command line of this checkout; ends as it ended when that was not well. */
function interseg(words) {
  const command = [join(root, 'packages', 'cli', 'bin', 'interseg.js'), ...words.map(String)];
  const { status, signal } = spawnSync(process.execPath, command, { stdio: 'inherit' });
  if (status !== 0) process.exit(signal ? 130 : (status ?? 1));
}
