// Times reading a series of DICOM beside SimpleITK, in turn, and checks that both find the same values.
// Usage: node tools/bench/dicom.mjs --python PYTHON [--slices 200] [--rounds 7]
// PYTHON is one with tools/python/requirements.txt. The series is the CT that comes with pydicom, enlarged to 512 × 512.
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { inTurn, median, quantile, startContestant } from './rounds.mjs';

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    slices: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '7' },
  },
});
if (!values.python) throw new Error('--python: found none, expected a Python with tools/python/requirements.txt.');
const peers = fileURLToPath(new URL('peers/', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'interseg-bench-'));
const itk = [];
const ours = [];
try {
  itk.push(await startContestant('SimpleITK', [values.python, `${peers}dicom_peer.py`, folder, values.slices]));
  ours.push(await startContestant('InterSeg', [process.execPath, `${peers}dicom.mjs`, folder]));
  const times = new Map([...itk, ...ours].map(({ name }) => [name, []]));
  const digests = new Set();
  console.log(`${values.slices} slices of 512 × 512, ${values.rounds} rounds, load before ${loadavg()[0].toFixed(1)}`);
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const one of inTurn([...itk, ...ours], round)) {
      const [milliseconds, digest] = (await one.work()).split(' ');
      times.get(one.name).push(Number(milliseconds));
      digests.add(digest);
    }
  }
  if (digests.size !== 1) throw new Error(`The values differ: found ${[...digests].join(' and ')}.`);
  const ratios = times.get('InterSeg').map((ms, round) => ms / times.get('SimpleITK')[round]);
  for (const [name, all] of times) console.log(`${name.padEnd(10)} ${median(all).toFixed(0).padStart(6)} ms`);
  const [low, high] = [0.25, 0.75].map((part) => quantile(ratios, part).toFixed(2));
  console.log(`ratio ${median(ratios).toFixed(2)} [${low}–${high}], load after ${loadavg()[0].toFixed(1)}`);
} finally {
  for (const one of [...itk, ...ours]) one.end();
  await rm(folder, { recursive: true });
}
