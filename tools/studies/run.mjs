// `node tools/studies/run.mjs STUDY [--engine NAME]`: makes the study's data, trains every network of its `compare.yaml` and writes the
// tables and plots of its results beside it. What is finished is not repeated, so that the same command goes on after an interruption.
// `--points 4,8` after the name of a study that is a learning curve runs these points alone.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nx, root, setUp } from '../setup.mjs';
import { flagsOf, makePhantoms } from './make-phantoms.mjs';
import { convergencePlot } from './plots/convergence.mjs';
import { differencesPlot } from './plots/differences.mjs';
import { resultsPage } from './results-page.mjs';

const folder = join(root, 'studies');
const studies = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'compare.yaml')))
  .map(({ name }) => name);
const [study, ...flags] = process.argv.slice(2);
const pointsAt = flags.indexOf('--points');
const onlyPoints = pointsAt < 0 ? undefined : (flags.splice(pointsAt, 2)[1] ?? '').split(',').map(Number);
if (!studies.includes(study)) {
  console.error(
    `usage: node tools/studies/run.mjs STUDY [flags of interseg compare]; the studies are ${studies.join(', ')}; found ${study ?? 'none'}.`,
  );
  process.exit(2);
}
const files = join(folder, study);
const points = chosenPoints(join(files, 'curve.json'));

setUp();
if (nx(['run-many', '-t', 'build', '--outputStyle=static'], { stdio: ['ignore', 'ignore', 'inherit'] }) !== 0) {
  process.exit(1);
}

const work = join(root, 'runs', 'studies', study);
const data = await makeData(JSON.parse(readFileSync(join(files, 'data.json'), 'utf8')));
if (points) await followCurve();
else writeComparison(compare('comparison', flags), 'results', '');

/** The points of a learning curve, where the study is one: all, or those that `--points` names. */
function chosenPoints(file) {
  if (!existsSync(file)) {
    if (onlyPoints === undefined) return undefined;
    console.error(`--points: found for ${study}, expected for a study that is a learning curve, such as few-labels.`);
    process.exit(2);
  }
  const all = JSON.parse(readFileSync(file, 'utf8'));
  const wrong = onlyPoints?.find((number) => !all.some(({ labelled }) => labelled === number));
  if (wrong !== undefined) {
    const known = all.map(({ labelled }) => labelled).join(', ');
    console.error(`--points: found ${wrong}, expected some of ${known}, the numbers of labelled patients of ${study}.`);
    process.exit(2);
  }
  return onlyPoints ? all.filter(({ labelled }) => onlyPoints.includes(labelled)) : all;
}

/** A comparison for each point, which is options of `interseg compare` and entries beside the common ones; then what they say together. */
async function followCurve() {
  // Not before the installation and the build.
  const { parse } = await import('yaml');
  const { learningCurves, chosenCurves } = await import('./learning-curve.mjs');
  const { learningCurvePlot } = await import('./plots/learning-curve.mjs');
  const { curvePage } = await import('./curve-page.mjs');
  const common = parse(readFileSync(join(files, 'compare.yaml'), 'utf8')).variants;
  const comparisons = points.map(({ labelled, variants = [], ...options }) => {
    const entries = ['--variants', [...common, ...variants].join(',')];
    const own = flagsOf({ labelled, ...options });
    const comparison = compare(`labelled-${labelled}`, [...entries, ...own, ...flags]);
    writeComparison(comparison, `labelled-${labelled}`, `labelled-${labelled}-`);
    return comparison;
  });
  // A curve of some of its points would look like the whole.
  if (onlyPoints) return;
  const curves = learningCurves(comparisons);
  writeFileSync(join(files, 'learning-curve.svg'), learningCurvePlot(chosenCurves(curves)));
  writeFileSync(join(files, 'results.md'), curvePage(study, curves, comparisons));
  console.error(`written: studies/${study}/results.md and learning-curve.svg`);
}

function compare(name, more) {
  const out = join(work, name);
  interseg(['compare', '--config', join(files, 'compare.yaml'), ...data, '--out', out, ...more]);
  return JSON.parse(readFileSync(join(out, 'comparison.json'), 'utf8'));
}

function writeComparison(comparison, page, plots) {
  writeFileSync(join(files, `${page}.md`), resultsPage(study, comparison, plots));
  writeFileSync(join(files, `${plots}differences.svg`), differencesPlot(comparison));
  writeFileSync(join(files, `${plots}convergence.svg`), convergencePlot(comparison));
  const report = `runs/studies/${study}/${page === 'results' ? 'comparison' : page}/report.html`;
  console.error(`written: studies/${study}/${page}.md; the whole report: ${report}`);
}

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
  return makePhantoms(join(work, 'phantoms'), options, interseg);
}

/** Runs the command line of this checkout; ends as it ended when that was not well. */
function interseg(words) {
  const command = [join(root, 'packages', 'cli', 'bin', 'interseg.js'), ...words.map(String)];
  const { status, signal } = spawnSync(process.execPath, command, { stdio: 'inherit' });
  if (status !== 0) process.exit(signal ? 130 : (status ?? 1));
}
