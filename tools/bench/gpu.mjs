// Everything to be known about webgpu on a machine with a GPU, in one command of at most ten minutes.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const help = `usage: node tools/bench/gpu.mjs [options]

Runs webgpu on the GPU of this machine: gradients of all variants beside cpu, a training step and an inference beside
PyTorch, where a step's time goes, memory over 2,000 steps, and a comparison of two variants on phantoms. Needs a build.

  --python FILE    Python with torch for CUDA (without it, PyTorch stays out)
  --parts LIST     of engine, agreement, profile, race, memory and compare (all)
  --races LIST     of VARIANT:NORMALISATION:BATCH (U-Net and U-Net++ without and with instance normalisation, batch 8 and 32,
                   and U-Net with batch 64)
  --minutes M      ends after so many, whatever is left (10)
  --pack FOLDER    writes what a machine without Node needs to FOLDER (Linux x64, below 64 MiB): there, run
                   \`bash FOLDER/run.sh\` with the same options
  --help
`;
const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    parts: { type: 'string', default: 'engine,agreement,race,profile,memory,compare' },
    races: {
      type: 'string',
      default:
        'unet:none:8,unet:instance:8,unet:none:32,unet:instance:32,unet:none:64,unetpp:none:8,unetpp:instance:8,unetpp:none:32,unetpp:instance:32',
    },
    minutes: { type: 'string', default: '10' },
    pack: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const started = performance.now();
const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const command = here('../../node_modules/@interseg/cli/bin/interseg.js');

if (values.help) process.stdout.write(help);
else if (values.pack !== undefined) await (await import('./gpu/pack.mjs')).pack(values.pack);
else for (const part of values.parts.split(',')) await measure(part);

async function measure(part) {
  if (part === 'engine') return run('engine', [command, 'engine', 'check', 'webgpu']);
  if (part === 'agreement') return run(part, [here('gpu/agreement.mjs')]);
  if (part === 'profile') return run(part, [here('gpu/profile.mjs')]);
  if (part === 'memory') return run(part, [here('steady.mjs'), '--engines', 'webgpu']);
  if (part === 'compare') return compare();
  if (part !== 'race') {
    throw new Error(`--parts names ${part}, expected engine, agreement, profile, race, memory or compare.`);
  }
  const python = values.python === undefined ? [] : ['--python', values.python];
  for (const race of values.races.split(',')) {
    const [variant, normalization, batch] = race.split(':');
    const network = ['--variant', variant, '--normalization', normalization, '--batch', batch];
    await run(`race ${race}`, [here('race.mjs'), '--gpu', '--rounds', '30', ...network, ...python]);
  }
}

async function compare() {
  const folder = await mkdtemp(join(tmpdir(), 'interseg-gpu-'));
  try {
    const data = join(folder, 'data');
    const phantoms = ['--patients', '24', '--shape', '128,128,8', '--out', data];
    await run('phantoms', [command, 'data', 'phantom', ...phantoms]);
    const options = ['--variants', 'unet,twi-unet', '--seeds', '1', '--epochs', '8', '--size', '128'];
    const where = ['--data', data, '--engine', 'webgpu', '--out', join(folder, 'comparison')];
    await run('compare', [command, 'compare', ...options, ...where]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs one measurement in a process of its own, whose failure does not end the others. */
async function run(name, words) {
  const left = Number(values.minutes) * 60_000 - (performance.now() - started);
  if (left < 5000) return;
  console.log(`\n== ${name} (${((performance.now() - started) / 1000).toFixed(0)} s)`);
  const child = spawn(process.execPath, words, { stdio: 'inherit', timeout: Math.round(left) });
  const [status, signal] = await new Promise((resolve) => child.on('exit', (...how) => resolve(how)));
  if (status === 0) return;
  process.exitCode = 1;
  console.log(`-- ${name} ended with ${signal ?? `status ${status}`}`);
}
