// How long `interseg` takes to begin: `--help`, and `train` from the command to the end of the first step on each engine, with where
// the time goes. Each run is a process of its own; of several, in turn, the one with the least processor time counts.
// Usage: node tools/bench/startup.mjs [--engines cpu,wasm,native] [--rounds 5] [--command NAME=BIN …] [-- TRAIN OPTIONS]
// Needs a build. BIN is the packages/cli/bin/interseg.js of a checkout; the options take the place of the two trainings below.
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inTurn } from './rounds.mjs';
import { commandOption, readCommands, watch } from './watched-command.mjs';

const { values, positionals } = parseArgs({
  options: {
    engines: { type: 'string', default: 'cpu,wasm,native' },
    rounds: { type: 'string', default: '5' },
    command: commandOption,
  },
  allowPositionals: true,
});
/** The default, of which plain JavaScript would take half a minute for a step, and a network that is small enough for it. */
const small = '--no-planned --variant unet --filters 4,8,16 --size 32 --batch 2'.split(' ');
const trainings = Object.entries(positionals.length > 0 ? { given: positionals } : { default: [], small });
const isTooSlow = (engine, training) => engine === 'cpu' && training === 'default';

/** The parts of a training, each from the end of the one before to something that the command says. */
const parts = [
  ['Node', /^Node$/],
  ['modules and engine', /^engine: /],
  ['plan', /^reading \d+ training/],
  ['network and data', /^training /],
  ['first step', / 1\/\d+ {2}loss /],
];

const folder = await mkdtemp(join(tmpdir(), 'interseg-startup-'));

async function train(bin, engine, options) {
  const out = join(folder, 'run');
  const { notes } = await watch(bin, [
    ...['train', '--data', join(folder, 'phantoms'), '--out', out, '--engine', engine],
    ...options,
  ]);
  await rm(out, { recursive: true });
  return parts.map(([, message]) => notes.find(({ text }) => message.test(text)));
}

try {
  const tasks = [];
  const commands = readCommands(values.command);
  await watch(commands[0][1], ['data', 'phantom', '--out', join(folder, 'phantoms'), '--patients', '6']);
  for (const [command, bin] of commands) {
    tasks.push({ name: `${command} --help`, run: async () => [(await watch(bin, ['--help'])).notes.at(-1)], runs: [] });
    for (const [training, options] of trainings) {
      for (const engine of values.engines.split(',')) {
        if (isTooSlow(engine, training)) continue;
        const name = `${command} train, ${training}, ${engine}`;
        tasks.push({ name, run: () => train(bin, engine, options), runs: [] });
      }
    }
  }
  console.log(`Node ${process.version}, ${values.rounds} rounds, load before ${loadavg()[0].toFixed(1)}`);
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const task of inTurn(tasks, round)) task.runs.push(await task.run());
  }
  const headings = ['clock', 'processor', ...parts.map(([name]) => name)];
  console.log(`load after ${loadavg()[0].toFixed(1)}; seconds, of processor time but for the first column\n`);
  console.log(''.padEnd(40) + headings.map((heading) => heading.padStart(heading.length + 2)).join(''));
  for (const { name, runs } of tasks) {
    const end = (notes) => notes.at(-1);
    const least = runs.reduce((a, b) => (end(b).processor < end(a).processor ? b : a));
    const clock = Math.min(...runs.map((notes) => end(notes).clock));
    const spent = least.map(({ processor }, index) => processor - (least[index - 1]?.processor ?? 0));
    const numbers = [clock, end(least).processor, ...(least.length > 1 ? spent : [])];
    const cells = numbers.map((seconds, index) => seconds.toFixed(2).padStart(headings[index].length + 2));
    console.log(name.padEnd(40) + cells.join(''));
  }
} finally {
  await rm(folder, { recursive: true });
}
