// Times a training step and an inference of InterSeg beside PyTorch and TensorFlow in Python: one round of each in turn,
// so that what else the machine does hits all alike. Prints medians, and the ratios of each round to the reference.
// Usage: node tools/bench/race.mjs [--rounds 12] [--variant unet] [--normalisation none] [--python PYTHON]
//          [--size 128 --batch 8 --filters 16,32,64,128,256 --threads 2] [--only NAME,NAME] [--reference NAME] [--bf16] [--gpu]
// With --bf16, native and PyTorch race in bf16, too (on a processor with avx512_bf16 or amx_bf16).
// With --gpu, webgpu races against PyTorch's CUDA instead.
// PYTHON is one with torch and tensorflow-cpu==2.21.0, such as that of a throw-away environment; without it they stay out.
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { inTurn, median, quantile, startContestant } from './rounds.mjs';

const text = (value) => ({ type: 'string', default: value });
const { values } = parseArgs({
  options: {
    rounds: text('12'),
    variant: text('unet'),
    normalization: text('none'),
    python: { type: 'string' },
    size: text('128'),
    batch: text('8'),
    filters: text('16,32,64,128,256'),
    threads: text(String(availableParallelism())),
    only: { type: 'string' },
    reference: { type: 'string' },
    gpu: { type: 'boolean', default: false },
    bf16: { type: 'boolean', default: false },
    peers: text(fileURLToPath(new URL('peers/', import.meta.url))),
  },
});
const { variant, normalization, peers } = values;
const [size, batch, threads, rounds] = ['size', 'batch', 'threads', 'rounds'].map((name) => Number(values[name]));
const network = { variant, normalization, size, batch, threads, filters: values.filters.split(',').map(Number) };

const python = (file, more = {}) => [values.python, `${peers}${file}`, JSON.stringify({ ...network, ...more })];
const interseg = (more) => [process.execPath, `${peers}interseg.mjs`, JSON.stringify({ ...network, ...more })];
/** PyTorch and TensorFlow in Python know the backbones alone. */
const known = values.python !== undefined && ['unet', 'unetpp'].includes(variant);
const cuda = (more) => python('torch_peer.py', { device: 'cuda', ...more });
const onProcessor = {
  'native, replayed': interseg({ engine: 'native', replayed: true }),
  'native, op by op': interseg({ engine: 'native', replayed: false }),
  ...(values.bf16 && { 'native, bf16': interseg({ engine: 'native', replayed: true, precision: 'bf16' }) }),
  wasm: interseg({ engine: 'wasm', replayed: false }),
  ...(known && {
    PyTorch: python('torch_peer.py'),
    'PyTorch, channels last': python('torch_peer.py', { channelsLast: true }),
    ...(values.bf16 && {
      'PyTorch, bfloat16': python('torch_peer.py', { precision: 'bf16' }),
      'PyTorch, bfloat16, channels last': python('torch_peer.py', { precision: 'bf16', channelsLast: true }),
    }),
    'TensorFlow, tf.function': python('tensorflow_peer.py'),
  }),
};
const onGpu = {
  'webgpu, compiled': interseg({ engine: 'webgpu', replayed: true }),
  'webgpu, op by op': interseg({ engine: 'webgpu', replayed: false }),
  ...(known && {
    'PyTorch, float32': cuda({ precision: 'fp32' }),
    'PyTorch, TF32': cuda({ precision: 'tf32' }),
    'PyTorch, bfloat16': cuda({ precision: 'bf16', channelsLast: true }),
  }),
};
const contestants = Object.entries(values.gpu ? onGpu : onProcessor).filter(
  ([name]) => values.only === undefined || values.only.split(',').some((part) => name.includes(part)),
);

console.log(`${variant}, normalisation ${normalization}, ${size}×${size}, batch ${batch}, widths ${values.filters}`);
console.log(`${threads} threads, load before ${loadavg()[0].toFixed(1)}, ${rounds} rounds`);
const start = async ([name, command]) => ({ ...(await startContestant(name, command)), step: [], inference: [] });
const running = [];
// Beside a GPU there are processors enough to start them at the same time.
if (values.gpu) running.push(...(await Promise.all(contestants.map(start))));
else for (const one of contestants) running.push(await start(one));
for (let round = 0; round < rounds; round++) {
  for (const one of inTurn(running, round)) {
    const [step, inference] = (await one.work()).split(' ').map(Number);
    one.step.push(step);
    one.inference.push(inference);
  }
}
for (const one of running) one.end();

const reference = running.find(({ name }) => name === values.reference) ?? running[0];
console.log(
  `load after ${loadavg()[0].toFixed(1)}; ratios are to ${reference.name}: median of the rounds [quartiles]\n`,
);
for (const { name, ready, ...times } of running) {
  const column = (kind) => {
    const ratios = times[kind].map((ms, k) => ms / reference[kind][k]);
    const spread = [0.25, 0.75].map((q) => quantile(ratios, q).toFixed(2)).join('–');
    const ms = median(times[kind])
      .toFixed(values.gpu ? 1 : 0)
      .padStart(6);
    return `${kind} ${ms} ms (fastest ${Math.min(...times[kind]).toFixed(values.gpu ? 1 : 0)})  ${median(ratios).toFixed(2)} [${spread}]`;
  };
  console.log(`${name.padEnd(24)} ${column('step').padEnd(52)} ${column('inference').padEnd(52)} ${ready}`);
}
