// Times reading NIfTI beside nibabel and metrics beside medpy, interleaved, and checks that both find the same numbers.
// Usage: node tools/bench/data.mjs --python PYTHON [--volumes 100] [--rounds 5]
// PYTHON is one with tools/python/requirements.txt, such as the .venv that .ci/run makes.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeNifti } from '@interseg/nifti';
import { startContestant } from './rounds.mjs';

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    volumes: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '5' },
  },
});
if (!values.python) throw new Error('--python: found none, expected a Python with tools/python/requirements.txt.');
const folder = await mkdtemp(join(tmpdir(), 'interseg-bench-'));

/** Scans like those of MR: smooth shapes with noise of some 6 bits in 16, of which gzip leaves about half. */
async function writeVolumes(count) {
  const shape = [128, 128, 64];
  const affine = [1, 1, 2.5].map((step, row) => [0, 1, 2, 3].map((column) => (column === row ? step : 0)));
  affine.push([0, 0, 0, 1]);
  const paths = [];
  let state = 1;
  for (let number = 0; number < count; number++) {
    const data = new Int16Array(shape[0] * shape[1] * shape[2]);
    for (let index = 0; index < data.length; index++) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      const [x, y, z] = [(index % 128) - 64, ((index >> 7) % 128) - 64, (index >> 14) - 32];
      const inside = x * x + y * y + 4 * z * z < 3600;
      data[index] = inside ? 600 + 4 * x + 90 * Math.sin(y / 9 + number) + ((state >>> 26) & 63) : (state >>> 28) & 7;
    }
    paths.push(join(folder, `volume_${number}.nii.gz`));
    await writeNifti(paths.at(-1), { data, shape, affine });
  }
  return paths;
}

/** Two blobs with lobes, of a given radius, a few voxels apart, and specks in the prediction far from them. */
async function writePair(radius) {
  const shape = [155, 240, 240];
  const files = [0, 1].map((which) => join(folder, `mask_${radius}_${which}.raw`));
  for (const [which, file] of files.entries()) {
    const data = new Uint8Array(shape[0] * shape[1] * shape[2]);
    let index = 0;
    for (let z = 0; z < shape[0]; z++) {
      for (let y = 0; y < shape[1]; y++) {
        for (let x = 0; x < shape[2]; x++, index++) {
          const [dx, dy, dz] = [x - 118 - 3 * which, y - 122 + 2 * which, z - 77];
          const lobes = 1 + 0.15 * Math.sin(6 * Math.atan2(dy, dx) + which) + 0.1 * Math.sin(dz / 5);
          if (Math.hypot(dx, dy, dz) < radius * lobes) data[index] = 1;
        }
      }
    }
    if (which === 0) for (const speck of [2_000_123, 5_500_077, 7_100_999]) data[speck] = 1;
    await writeFile(file, data);
  }
  return { files, shape, spacing: [1, 1, 1] };
}

const volumes = await writeVolumes(Number(values.volumes));
const pairs = [await writePair(22), await writePair(60)];
const names = [
  `read ${volumes.length} .nii.gz (128×128×64 int16)`,
  ...['tumour (radius 22)', 'brain (radius 60)'].flatMap((what) => [
    `HD95, 240×240×155, ${what}`,
    `all metrics (medpy: Dice, HD, ASSD), ${what}`,
  ]),
];

const settings = JSON.stringify({ volumes, pairs });
const peers = fileURLToPath(new URL('peers/', import.meta.url));
// NumPy shall choose its kernels itself.
const { OPENBLAS_CORETYPE: _core, OPENBLAS_L2_SIZE: _cache, ...env } = process.env;
const contestants = [];
for (const [program, file] of [
  [process.execPath, `${peers}data.mjs`],
  [values.python, `${peers}data_peer.py`],
]) {
  contestants.push({ ...(await startContestant(file, [program, file, settings], { env })), rounds: [] });
}
console.log(`load before ${loadavg()[0].toFixed(1)}`);
// The first round warms up and is not counted.
for (let round = 0; round <= Number(values.rounds); round++) {
  for (const one of round % 2 ? contestants : [...contestants].reverse()) {
    const tasks = JSON.parse(await one.work());
    if (round > 0) one.rounds.push(tasks);
  }
}
for (const one of contestants) one.end();
await rm(folder, { recursive: true });

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const [ours, theirs] = contestants.map(({ rounds }) => rounds);
console.log(`load after ${loadavg()[0].toFixed(1)}; median of ${values.rounds} rounds, lowest–highest ratio\n`);
for (const [task, name] of names.entries()) {
  const ratios = ours.map((round, k) => round[task].ms / theirs[k][task].ms);
  const [mine, other] = [ours, theirs].map((rounds) => rounds[0][task].values);
  const same = mine.every((value, k) => Math.abs(value - other[k]) <= 1e-9 * Math.abs(other[k]));
  if (!same) throw new Error(`${name}: ${mine.join(', ')} and ${other.join(', ')}, expected the same.`);
  const ms = (rounds) => `${median(rounds.map((round) => round[task].ms)).toFixed(0)} ms`.padStart(9);
  const spread = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
  console.log(`${name.padEnd(62)} ${ms(ours)} ${ms(theirs)}  × ${median(ratios).toFixed(2)} (${spread})`);
}
