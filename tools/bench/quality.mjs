// Compares the masks of nnU-Net, MONAI and InterSeg after the same time of learning; `--help` has the options and
// tools/bench/README.md says what is measured.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleInterSeg, removeBundle } from './quality/bundle-interseg.mjs';
import { compete } from './quality/compete.mjs';
import { chooseCompetitors } from './quality/competitors/choose.mjs';
import { makeDataSet } from './quality/data-set.mjs';
import { readOptions } from './quality/options.mjs';
import { tables } from './quality/tables.mjs';

const options = readOptions(process.argv.slice(2));
const { python, minutes, mirroring, output, work, cores } = options;
mkdirSync(output, { recursive: true });
const command = options.interseg ?? (await bundleInterSeg());
const competitors = chooseCompetitors(options, command);
const keyOf = ({ family, seed, name }) =>
  [family, seed, name, minutes, ...(mirroring ? ['mirrored'] : [])].join('-').replaceAll(/[^\w.@+-]/g, '_');

const jobs = options.families
  .flatMap((family) => options.seeds.flatMap((seed) => competitors.map((one) => ({ family, seed, ...one }))))
  .map((job) => ({ ...job, key: keyOf(job) }))
  .filter(({ key }) => !existsSync(join(output, `${key}.json`)));
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
await Promise.all(cores.map(workOn));
writeFileSync(join(output, 'tables.md'), tables(readResults()));
if (options.interseg === undefined) await removeBundle();
console.error(`written: ${join(output, 'tables.md')}`);
for (const failure of failures) console.error(failure);
process.exitCode = failures.length > 0 ? 1 : 0;

async function workOn(core) {
  for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
    const { key, family, seed, name, competitor } = job;
    const say = (what) => console.error(`${new Date().toTimeString().slice(0, 5)}  ${key}  ${what}  (${remaining()})`);
    const start = Date.now();
    try {
      const folder = join(work, 'runs', key);
      const result = await compete(python, competitor, await dataSet(job), { folder, minutes, core, say });
      const { meanDice, found, objects, false: wrong } = result.summary;
      writeResult(key, { family, seed, competitor: name, minutes, mirroring, ...result });
      say(`Dice ${meanDice.toFixed(3)}, found ${found} of ${objects}, ${wrong} false`);
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
  const path = join(output, `${key}.json`);
  writeFileSync(`${path}.new`, `${JSON.stringify(result, null, 2)}\n`);
  renameSync(`${path}.new`, path);
  writeFileSync(join(output, 'tables.md'), tables(readResults()));
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
