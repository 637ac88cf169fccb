// `node tools/studies/run.mjs STUDY [--engine NAME]`: makes the study's data, trains every network of its `compare.yaml` and writes the
// tables and plots of its results beside it. What is finished is not repeated, so that the same command goes on after an interruption.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nx, root, setUp } from '../setup.mjs';
import { convergencePlot } from './plots/convergence.mjs';
import { differencesPlot } from './plots/differences.mjs';
import { resultsPage } from './results-page.mjs';

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
const data = await makeData(JSON.parse(readFileSync(join(files, 'data.json'), 'utf8')));
const out = join(work, 'comparison');
interseg(['compare', '--config', join(files, 'compare.yaml'), ...data, '--out', out, ...flags]);
const comparison = JSON.parse(readFileSync(join(out, 'comparison.json'), 'utf8'));
writeFileSync(join(files, 'results.md'), resultsPage(study, comparison));
writeFileSync(join(files, 'differences.svg'), differencesPlot(comparison));
writeFileSync(join(files, 'convergence.svg'), convergencePlot(comparison));
console.error(`written: studies/${study}/results.md; the whole report: runs/studies/${study}/comparison/report.html`);

/** Makes the data of a study, unless they are there, and returns the options of `interseg compare` that name them. */
async function makeData({ source, ...options }) {
  if (source === 'colin27') {
    const brain = join(root, 'datasets', 'colin27');
    if (!existsSync(join(brain, 'dataset.json'))) {
      // Not before the build: it imports a package of this workspace.
      const { writeColin27 } = await import('../quickstart/colin27.mjs');
      await writeColin27(brain);
    }
    return ['--data', brain, '--split', join(brain, 'split.json')];
  }
  const phantoms = join(work, 'phantoms');
  if (!existsSync(join(phantoms, 'dataset.json'))) {
    const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    interseg(['data', 'phantom', '--out', phantoms, ...words]);
  }
  return ['--data', phantoms];
}

/** Runs the command line of this checkout; ends as it ended when that was not well. */
function interseg(words) {
  const command = [join(root, 'packages', 'cli', 'bin', 'interseg.js'), ...words.map(String)];
  const { status, signal } = spawnSync(process.execPath, command, { stdio: 'inherit' });
  if (status !== 0) process.exit(signal ? 130 : (status ?? 1));
}
