// Compares the masks of nnU-Net, MONAI and InterSeg after the same time of learning; `--help` has the options and
// tools/bench/README.md says what is measured.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleInterSeg, removeBundle } from './quality/bundle-interseg.mjs';
import { compete, measurePace } from './quality/compete.mjs';
import { chooseCompetitors } from './quality/competitors/choose.mjs';
import { makeDataSet } from './quality/data-set.mjs';
import { readOptions } from './quality/options.mjs';
import { medianPace } from './quality/pace.mjs';
import { tables } from './quality/tables.mjs';

const options = readOptions(process.argv.slice(2));
const { python, minutes, mirroring, output, work, cores } = options;
const paces = options.pace === undefined ? undefined : JSON.parse(readFileSync(options.pace, 'utf8'));
mkdirSync(output, { recursive: true });
const command = options.interseg ?? (await bundleInterSeg());
const competitors = chooseCompetitors(options, command);
const inFileName = (words) => words.join('-').replaceAll(/[^\w.@+-]/g, '_');
const keyOf = ({ family, seed, name }) => inFileName([family, seed, name, minutes, ...(mirroring ? ['mirrored'] : [])]);
/** What an epoch takes depends on the patients, too: on how many slices have objects. */
const paceKeyOf = ({ family, seed, name }) => inFileName([family, seed, name]);

const cells = options.families.flatMap((family) =>
  options.seeds.flatMap((seed) => competitors.map((one) => ({ family, seed, ...one }))),
);
const jobs = options.measurePace
  ? Array.from({ length: options.rounds }, () => cells.map((cell) => ({ ...cell, key: paceKeyOf(cell) }))).flat()
  : cells.map((cell) => ({ ...cell, key: keyOf(cell) })).filter(({ key }) => !existsSync(join(output, `${key}.json`)));
let left = jobs.length;
const took = [];
const sets = new Map();
/** One data set at a time is made by one job, for all that need it. */
const dataSet = ({ family, seed }) => {
  const key = `${family}-${seed}`;
  if (!sets.has(key)) sets.set(key, makeDataSet(work, family, seed, interseg));
  return sets.get(key);
};

const failures = [];
const queue = [...jobs];
const rounds = new Map();
await Promise.all(cores.map(options.measurePace ? timeOn : workOn));
const written = options.measurePace ? writePaces(options.measurePace) : writeTables();
if (options.interseg === undefined) await removeBundle();
console.error(`written: ${written}`);
for (const failure of failures) console.error(failure);
process.exitCode = failures.length > 0 ? 1 : 0;

async function workOn(core) {
  await takeJobs(core, async (job, folder, say) => {
    const { key, family, seed, name, competitor } = job;
    const pace = paces?.[paceKeyOf(job)];
    if (paces !== undefined && pace === undefined) {
      throw new Error(`${options.pace}: found no ${paceKeyOf(job)}, expected what --measure-pace writes.`);
    }
    const result = await compete(python, competitor, await dataSet(job), { folder, minutes, core, pace, say });
    const { meanDice, found, objects, false: wrong } = result.summary;
    writeResult(key, { family, seed, competitor: name, minutes, mirroring, ...result });
    say(`Dice ${meanDice.toFixed(3)}, found ${found} of ${objects}, ${wrong} false`);
  });
}

async function timeOn(core) {
  await takeJobs(core, async (job, folder, say) => {
    const pace = await measurePace(python, job.competitor, await dataSet(job), { folder, core });
    rounds.set(job.key, [...(rounds.get(job.key) ?? []), pace]);
    say(`an epoch takes ${pace.epochSeconds.toFixed(1)} s`);
  });
}

async function takeJobs(core, doIt) {
  for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
    const { key } = job;
    const say = (what) => console.error(`${new Date().toTimeString().slice(0, 5)}  ${key}  ${what}  (${remaining()})`);
    const start = Date.now();
    try {
      // Two rounds of a cell may be on at once.
      await doIt(job, join(work, 'runs', options.measurePace ? `pace-${key}-${core}` : key), say);
    } catch (error) {
      failures.push(`${key}: ${error.message}`);
      say(error.message);
    }
    left--;
    took.push((Date.now() - start) / 60000);
  }
}

function remaining() {
  const each = took.length > 0 ? took.reduce((a, b) => a + b, 0) / took.length : 1.3 * minutes;
  return `${left} left, about ${Math.ceil((each * left) / cores.length)} min`;
}

function writeResult(key, result) {
  writeJson(join(output, `${key}.json`), result);
  writeTables();
}

function writeTables() {
  const path = join(output, 'tables.md');
  writeFileSync(path, tables(readResults()));
  return path;
}

/** Adds to what the file has. */
function writePaces(path) {
  const known = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  writeJson(path, { ...known, ...Object.fromEntries([...rounds].map(([key, list]) => [key, medianPace(list)])) });
  return path;
}

function writeJson(path, value) {
  writeFileSync(`${path}.new`, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(`${path}.new`, path);
}

function readResults() {
  return readdirSync(output)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(output, name), 'utf8')));
}

/** Runs the command line; its output only matters when it fails. */
async function interseg(words) {
  const child = spawn(process.execPath, [command, ...words], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [status] = await once(child, 'exit');
  if (status !== 0) throw new Error(`interseg ${words.slice(0, 2).join(' ')} ended with status ${status}.`);
}
