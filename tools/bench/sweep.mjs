// Times planning, looking at and collecting a sweep of thousands of runs. One of them is trained; the others get copies of its
// files under their own settings.
// Usage: node tools/bench/sweep.mjs [--seeds 20] [--epochs 20] [--command packages/cli/bin/interseg.js] [--folder FOLDER]
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    epochs: { type: 'string', default: '20' },
    command: { type: 'string', default: fileURLToPath(new URL('../../packages/cli/bin/interseg.js', import.meta.url)) },
    folder: { type: 'string', default: tmpdir() },
  },
});
const folder = await mkdtemp(join(values.folder, 'interseg-sweep-'));
const [data, sweep] = [join(folder, 'phantoms'), join(folder, 'sweep')];
const list = (count, make) => Array.from({ length: count }, (_, index) => make(index)).join(',');
const variants = 'unet,inter-unet,ae-unet,sae-unet,tw-unet,twi-unet,twae-unet,unetpp,sae-unetpp,twi-unetpp';

/** Runs the command, and prints how long it took and how much of that it computed. */
function timed(what, ...words) {
  const script = 'TIMEFORMAT="%R %U %S"; time "$@" 2>/dev/null';
  const all = ['-c', script, 'bash', process.execPath, values.command, ...words];
  const { status, stdout, stderr } = spawnSync('bash', all, { encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (status !== 0) throw new Error(`${what} ended with ${status}: ${stderr}`);
  const [real, user, system] = stderr.trim().split(/\s+/).slice(-3).map(Number);
  console.log(`${what.padEnd(32)} ${real.toFixed(1).padStart(6)} s, ${(user + system).toFixed(1)} s of processor time`);
  return stdout;
}

try {
  console.log(
    `load before: ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}`,
  );
  timed(
    'data phantom',
    'data',
    'phantom',
    '--out',
    data,
    '--patients',
    '10',
    '--shape',
    '16,16,4',
    '--spacing',
    '8,8,12',
  );
  const plan = [
    ...['--data', data, '--out', sweep, '--variants', variants, '--seeds', list(Number(values.seeds), (seed) => seed)],
    ...['--settings', list(10, (index) => `alpha=${index + 1}`), '--folds', '5', '--epochs', values.epochs],
    ...['--filters', '2,4', '--size', '16', '--engine', 'wasm', '--threads', '1', '--patience', '0'],
  ];
  timed('sweep plan', 'sweep', 'plan', ...plan);
  timed('sweep plan, all known', 'sweep', 'plan', ...plan);
  timed('sweep status, none begun', 'sweep', 'status', sweep);
  timed('sweep run of one', 'sweep', 'run', sweep, '--index', '0');
  const { runs } = JSON.parse(await readFile(join(sweep, 'runs.json'), 'utf8'));
  const first = join(sweep, 'runs', runs[0].name);
  const configuration = JSON.parse(await readFile(join(first, 'config.json'), 'utf8'));
  const names = ['metrics.json', 'history.csv', 'measurements.json', 'environment.json', 'report.html'];
  for (const { name, variant, seed, fold } of runs.slice(1)) {
    const at = join(sweep, 'runs', name);
    const split = join(sweep, 'splits', `fold${fold}.json`);
    for (const file of names) await cp(join(first, file), join(at, file), { recursive: true });
    await cp(split, join(at, 'split.json'));
    const [network, alpha] = variant.split('+alpha=');
    const own = { ...configuration, variant: network, alpha: Number(alpha), seed, split };
    await writeFile(join(at, 'config.json'), JSON.stringify(own, null, 2));
  }
  console.log(`${runs.length} runs of ${values.epochs} epochs`);
  timed('sweep status, all finished', 'sweep', 'status', sweep);
  timed('sweep collect', 'sweep', 'collect', sweep);
  console.log(
    `load after: ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
