// Segments a whole volume, from the command to the file, by `interseg predict` and by MONAI's sliding_window_inference in turn: both
// read the same NIfTI, normalise, infer with the same weights on the same tiles, and write; their masks are compared.
// Usage: node tools/bench/volume.mjs --python PYTHON [--volume small|brats|ct] [--engines native] [--threads 1] [--rounds 3]
//   [`--normalization instance`] [--filters 16,32,64,128,256] [--batch 8] [--slices N] [--command NAME=BIN …]
// PYTHON is one with MONAI and PyTorch (tools/python/requirements-quality.txt). Needs a build.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { saveModel } from '@interseg/inference';
import { createNetwork } from '@interseg/models';
import { readNifti, writeNifti } from '@interseg/nifti';
import { useEngine } from '@interseg/runtime';
import * as tf from '@tensorflow/tfjs-core';
import { inTurn, median, quantile } from './rounds.mjs';
import { commandOption, readCommands, watch } from './watched-command.mjs';

/** Tiles that overlap by half fit these evenly: otherwise the two programs place them differently. */
const volumes = {
  small: { shape: [96, 96, 12], channels: 2, tile: 64 },
  brats: { shape: [240, 240, 155], channels: 4, tile: 160 },
  ct: { shape: [512, 512, 200], channels: 1, tile: 128 },
};

const findHere = (path) => fileURLToPath(new URL(path, import.meta.url));
const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    volume: { type: 'string', default: 'small' },
    slices: { type: 'string' },
    engines: { type: 'string', default: 'native' },
    threads: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '3' },
    normalization: { type: 'string', default: 'instance' },
    filters: { type: 'string', default: '16,32,64,128,256' },
    batch: { type: 'string', default: '8' },
    command: commandOption,
  },
});
const volume = volumes[values.volume];
if (!volume) throw new Error(`--volume: found ${values.volume}, expected one of ${Object.keys(volumes).join(', ')}.`);
const { channels, tile } = volume;
const shape = values.slices ? [...volume.shape.slice(0, 2), Number(values.slices)] : volume.shape;
const { normalization, batch, threads } = values;
const filters = values.filters.split(',').map(Number);
const folder = await mkdtemp(join(tmpdir(), 'interseg-volume-'));
const [image, model, weights] = ['image.nii.gz', 'model', 'weights.f32'].map((name) => join(folder, name));

/** Voxels of a head of noise in air, as 16-bit integers. */
async function writeVolume() {
  const [columns, rows, slices] = shape;
  const data = new Int16Array(columns * rows * slices * channels);
  let state = 1;
  for (let index = 0; index < data.length; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    const [x, y] = [index % columns, Math.floor(index / columns) % rows].map((at, axis) => (2 * at) / shape[axis] - 1);
    if (x * x + y * y < 0.8) data[index] = 500 + 200 * Math.sin(9 * x) * Math.cos(7 * y) + ((state >>> 25) & 127);
  }
  const affine = [0, 1, 2, 3].map((row) => [0, 1, 2, 3].map((column) => (row === column ? 1 : 0)));
  await writeNifti(image, { data, shape: channels > 1 ? [...shape, channels] : shape, affine });
}

/** Writes a network for InterSeg, and its weights for the other. @returns their shapes */
async function writeModel() {
  await useEngine('cpu');
  const { deploy } = createNetwork({
    variant: 'unet',
    inputShape: [tile, tile, channels],
    classes: 1,
    filters,
    normalization,
  });
  // As after training: with biases of 0 and scales of 1, engines could leave operations out.
  const all = deploy.getWeights();
  deploy.setWeights(all.map((one, k) => (one.rank === 1 ? tf.randomUniform(one.shape, -0.4, 0.4, 'float32', k) : one)));
  const values = await Promise.all(deploy.getWeights().map((weight) => weight.data()));
  await writeFile(weights, Buffer.concat(values.map(({ buffer }) => Buffer.from(buffer))));
  await saveModel(model, deploy, {
    variant: 'unet',
    channels: Array.from({ length: channels }, (_, index) => `channel ${index + 1}`),
    modality: 'mr',
    classes: [{ name: 'object', values: [1] }],
    slices: { size: [tile, tile], resizing: 'patch', normalization: { kind: 'zscore' } },
  });
}

/** @returns seconds of processor time, of it until modules and engine are loaded, and on the clock, and the most memory */
async function predict(bin, engine, output) {
  const words = ['predict', '--model', model, '--input', image, '--output', output, '--engine', engine];
  const settings = ['--threads', threads, '--batch', batch];
  const { notes, peak } = await watch(bin, [...words, ...settings]);
  const loading = notes.find(({ text }) => text.startsWith('engine:')).processor;
  return { ...notes.at(-1), loading, peak };
}

/** The same of MONAI, for which loading is that of Python's modules. */
async function predictByMonai(channelsLast, output) {
  const settings = { image, weights, output, filters, channels, tile, normalization, channelsLast };
  const words = JSON.stringify({ ...settings, batch: Number(batch), threads: Number(threads) });
  const started = performance.now();
  const { stdout } = await promisify(execFile)(values.python, [findHere('peers/monai_peer.py'), words]);
  return { ...JSON.parse(stdout), clock: (performance.now() - started) / 1000 };
}

/**
 * Checks that two label maps are nearly the same, and not of one label alone. Where tiles overlap, MONAI gives their edges
 * other weights; with a single tile all voxels are the same.
 */
async function compare(one, other, name) {
  const [a, b] = await Promise.all([one, other].map(async (path) => (await readNifti(path)).data));
  const count = (isCounted) =>
    a.reduce((sum, label, voxel) => sum + (isCounted(label, b[voxel]) ? 1 : 0), 0) / a.length;
  const [object, same] = [count((label) => label === 1), count((label, theirs) => label === theirs)];
  if (!(object > 0.01 && object < 0.99)) throw new Error(`Found ${object} of the voxels in the object, expected both.`);
  if (same < 0.99) throw new Error(`${name}: ${same} of the voxels have the same label, expected 0.99.`);
}

try {
  if (!values.python) throw new Error('--python: found none, expected a Python with MONAI.');
  await writeVolume();
  await writeModel();
  const ours = readCommands(values.command).flatMap(([name, bin]) =>
    values.engines.split(',').map((engine) => [`${name}, ${engine}`, (output) => predict(bin, engine, output)]),
  );
  const theirs = [false, true].map((channelsLast) => [
    `MONAI, ${channelsLast ? 'channels last' : 'usual layout'}`,
    (output) => predictByMonai(channelsLast, output),
  ]);
  const contestants = [...theirs, ...ours].map(([name, work], index) => ({
    name,
    work,
    output: join(folder, `mask_${index}.nii.gz`),
    rounds: [],
  }));
  console.log(
    `${[...shape, channels].join('×')}, tiles of ${tile}×${tile}, U-Net ${filters.join(', ')}, normalisation ${normalization}, ` +
      `batch ${batch}, threads ${threads}, Node ${process.version}, load before ${loadavg()[0].toFixed(1)}`,
  );
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const one of inTurn(contestants, round)) one.rounds.push(await one.work(one.output));
  }
  console.log(`load after ${loadavg()[0].toFixed(1)}; ratios are to the MONAI that took less processor time\n`);
  const least = (kind, { rounds }) => Math.min(...rounds.map((measured) => measured[kind]));
  const reference = contestants
    .slice(0, theirs.length)
    .reduce((a, b) => (least('processor', b) < least('processor', a) ? b : a));
  for (const one of contestants) {
    const column = (kind) => {
      const ratios = one.rounds.map((measured, round) => measured[kind] / reference.rounds[round][kind]);
      const spread = [0.25, 0.75].map((part) => quantile(ratios, part).toFixed(2)).join('–');
      return `${kind} ${least(kind, one).toFixed(1).padStart(6)} s  × ${median(ratios).toFixed(2)} (${spread})`;
    };
    const peak = Math.max(...one.rounds.map((measured) => measured.peak)) / 2 ** 20;
    console.log(
      `${one.name.padEnd(24)} ${column('processor')}, loading ${least('loading', one).toFixed(1)} s   ${column('clock')}   ` +
        `peak ${peak.toFixed(0).padStart(5)} MiB`,
    );
    await compare(reference.output, one.output, one.name);
  }
} finally {
  await rm(folder, { recursive: true });
}
