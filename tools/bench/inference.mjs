// Times how fast a network segments slices: InterSeg's engines beside onnxruntime with the same network as ONNX. One
// inference of each in turn, so that what else the machine does hits all alike; all must give the same probabilities.
// Usage: node tools/bench/inference.mjs [--rounds 12] [--variants unet,unetpp] [--norms none,instance]
//          [--size 128 --batch 8 --filters 16,32,64,128,256 --threads 2] [--only NAME,NAME] [--modules FOLDER]
// FOLDER is where `npm install onnxruntime-node` was run; without it, that runtime stays out.
import { availableParallelism, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundleSources, removeBundle } from './quality/bundle-interseg.mjs';
import { inTurn, quantile, startContestant } from './rounds.mjs';

const text = (value) => ({ type: 'string', default: value });
const { values } = parseArgs({
  options: {
    rounds: text('12'),
    variants: text('unet,unetpp'),
    norms: text('none,instance'),
    size: text('128'),
    batch: text('8'),
    filters: text('16,32,64,128,256'),
    threads: text(String(availableParallelism())),
    only: { type: 'string' },
    modules: { type: 'string' },
  },
});
const list = (name) => values[name].split(',');
const [size, batch, threads, rounds] = ['size', 'batch', 'threads', 'rounds'].map((name) => Number(values[name]));
const filters = list('filters').map(Number);
// `native, replayed` is what `interseg predict` does.
const all = ['native', 'native, replayed', 'wasm', 'onnxruntime-node', 'onnxruntime-node, spinning', 'onnxruntime-web'];
const runtimes = all
  .filter((name) => !name.startsWith('onnxruntime-node') || values.modules !== undefined)
  .filter((name) => values.only === undefined || list('only').some((part) => name.includes(part)));

async function start(peer, runtime, network) {
  const command = [process.execPath, peer, JSON.stringify({ ...network, runtime })];
  // The package of onnxruntime is looked for in the working directory.
  const cwd = runtime.startsWith('onnxruntime-node') ? resolve(values.modules) : undefined;
  return { ...(await startContestant(runtime, command, { cwd })), times: [], means: new Set() };
}

async function race(peer, network) {
  console.log(`\n${network.variant}, normalisation ${network.normalization}; load before ${loadavg()[0].toFixed(1)}`);
  const running = [];
  for (const runtime of runtimes) running.push(await start(peer, runtime, network));
  for (let round = 0; round < rounds; round++) {
    for (const one of inTurn(running, round)) {
      const [ms, mean] = (await one.work()).split(' ').map(Number);
      one.times.push(ms);
      one.means.add(mean);
    }
  }
  for (const one of running) one.end();
  const means = running.flatMap((one) => [...one.means]);
  if (Math.max(...means) - Math.min(...means) > 2e-5) throw new Error(`The probabilities differ: ${means.join(', ')}.`);
  const [reference] = running;
  console.log(`load after ${loadavg()[0].toFixed(1)}; ratios to ${reference.name}: median of the rounds [quartiles]`);
  for (const { name, times } of running) {
    const ratios = times.map((ms, k) => ms / reference.times[k]);
    const [low, middle, high] = [0.25, 0.5, 0.75].map((q) => quantile(ratios, q).toFixed(2));
    const ms = `${quantile(times, 0.5).toFixed(0)} ms (fastest ${Math.min(...times).toFixed(0)})`;
    console.log(`${name.padEnd(26)} ${ms.padEnd(26)} ${middle} [${low}–${high}]`);
  }
}

console.log(`${size}×${size}, batch ${batch}, widths ${values.filters}, ${threads} threads, ${rounds} rounds`);
const folder = await bundleSources({ inference: fileURLToPath(new URL('peers/inference.mjs', import.meta.url)) });
try {
  for (const variant of list('variants')) {
    for (const normalization of list('norms')) {
      await race(`${folder}/inference.js`, { variant, normalization, size, batch, filters, threads });
    }
  }
} finally {
  await removeBundle();
}
