// Segments one large scan in Chromium, by the command line and with onnxruntime, in turn; `--help` has the options and
// tools/bench/README.md says what is measured.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { root } from '../setup.mjs';

const help = `usage: node tools/bench/browser.mjs [options]

Needs a build (npm run build) and Chromium.

  --shape X,Y,Z     voxels of the scan (240,240,155)
  --channels N      1, or 4 as in BraTS (1)
  --filters LIST    channels of each level of the U-Net (16,32,64,128,256)
  --threads N       of every engine (2)
  --rounds N        (3)
  --chromium FILE   (chromium)
  --help`;
const text = (value) => ({ type: 'string', default: value });
const { values } = parseArgs({
  options: {
    shape: text('240,240,155'),
    channels: text('1'),
    filters: text('16,32,64,128,256'),
    threads: text('2'),
    rounds: text('3'),
    chromium: text('chromium'),
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(help);
  process.exit(0);
}
const { shape, channels, filters, threads } = values;
const [width, height] = shape.split(',').map(Number);
const command = join(root, 'packages', 'cli', 'bin', 'interseg.js');
if (!existsSync(join(root, 'packages', 'viewer', 'dist', 'page', 'index.html'))) {
  console.error('packages/viewer/dist/page: found no page, expected a build (npm run build).');
  process.exit(2);
}
const { chromium } = createRequire(join(root, 'packages', 'viewer', 'package.json'))('playwright-core');

const folder = mkdtempSync(join(tmpdir(), 'interseg-browser-'));
const at = (...names) => join(folder, ...names);
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

console.error('making a scan and a model…');
const isBrats = channels === '4';
const phantom = (out, size, patients) =>
  interseg(
    ...['data', 'phantom', '--out', out, '--shape', size, '--spacing', '1,1,1', '--patients', String(patients)],
    ...['--radius', '4,10', ...(isBrats ? ['--layout', 'brats'] : [])],
  );
await phantom(at('scan'), shape, 1);
// As thin as an object allows.
await phantom(at('training'), `${width},${height},24`, 4);
const engine = ['--engine', 'wasm', '--threads', threads];
await interseg(
  ...['train', '--data', at('training'), '--out', at('run'), '--no-planned', '--variant', 'unet', ...engine],
  ...['--size', `${Math.ceil(width / 16) * 16},${Math.ceil(height / 16) * 16}`, '--filters', filters, '--epochs', '2'],
  ...['--fractions', '0.5,0.25,0.25', '--learning-rate', '0.01'],
);
await interseg('export', at('run'), '--out', at('x.onnx'), '--format', 'onnx');
const files = isBrats ? filesOf(findCase(at('scan'))) : [at('scan', 'imagesTr', 'phantom_001.nii.gz')];

const server = spawn(process.execPath, [command, 'view', at('run'), '--no-open'], {
  stdio: ['ignore', 'pipe', 'ignore'],
});
const url = String((await once(server.stdout, 'data'))[0]).trim();
const browser = await chromium.launch({
  executablePath: await which(values.chromium),
  args: ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
});

const input = isBrats ? findCase(at('scan')) : files[0];
const contestants = {
  'command line, wasm': () => predict(at('run', 'model'), 'cli.nii.gz', engine),
  'command line, onnxruntime': () => predict(at('x.onnx'), 'onnx.nii.gz', ['--threads', threads]),
  Chromium: inChromium,
};
const names = Object.keys(contestants);
const seconds = Object.fromEntries(names.map((name) => [name, []]));
const memory = {};
for (let round = 0; round < Number(values.rounds); round++) {
  for (let turn = 0; turn < names.length; turn++) {
    const name = names[(round + turn) % names.length];
    const result = await contestants[name]();
    seconds[name].push(result.seconds);
    memory[name] = Math.max(memory[name] ?? 0, result.memory);
    console.error(`round ${round + 1}  ${name}  ${result.seconds.toFixed(1)} s`);
  }
}
const [own, page] = ['cli.nii.gz', 'page.nii.gz'].map((name) => gunzipSync(readFileSync(at(name))));
console.log(`masks of the command line and of Chromium: ${own.equals(page) ? 'equal, byte for byte' : 'NOT EQUAL'}`);
console.log(`| | seconds (least to most) | most memory of a process, MiB |\n| --- | ---: | ---: |`);
for (const name of names) {
  const sorted = seconds[name].toSorted((a, b) => a - b);
  const [low, middle, high] = [0, Math.floor(sorted.length / 2), sorted.length - 1].map((k) => sorted[k].toFixed(1));
  console.log(`| ${name} | ${middle} (${low} to ${high}) | ${Math.round(memory[name] / 1024)} |`);
}
await browser.close();
server.kill();
process.exit(own.equals(page) ? 0 : 1);

async function predict(model, output, more) {
  const start = performance.now();
  const peak = await interseg(
    'predict',
    '--model',
    model,
    '--input',
    input,
    '--output',
    at(output),
    '--force',
    ...more,
  );
  return { seconds: (performance.now() - start) / 1000, memory: peak };
}

/** From the moment at which the scan is given to the page until its mask is there. */
async function inChromium() {
  const context = await browser.newContext();
  const tab = await context.newPage();
  tab.setDefaultTimeout(600_000);
  await tab.goto(url);
  await tab.locator('dt:has-text("Runs on") + dd').innerText();
  const start = performance.now();
  await tab.setInputFiles('#scan-files', files);
  const watching = watch(rendererPeak);
  await tab.locator('.scan[data-state=done]').waitFor();
  const taken = (performance.now() - start) / 1000;
  const peak = await watching.stop();
  const [download] = await Promise.all([
    tab.waitForEvent('download'),
    tab.getByRole('button', { name: /^Download / }).click(),
  ]);
  await download.saveAs(at('page.nii.gz'));
  await context.close();
  return { seconds: taken, memory: peak };
}

/** Runs a command to its end. @returns the most memory that it had, in KiB */
async function interseg(...words) {
  const child = spawn(process.execPath, [command, ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (part) => (said += part));
  const watching = watch(() => peakOf(child.pid));
  const [status] = await once(child, 'exit');
  const peak = await watching.stop();
  if (status !== 0) throw new Error(`interseg ${words.slice(0, 2).join(' ')} ended with ${status}: ${said}`);
  return peak;
}

function watch(look) {
  let most = 0;
  const timer = setInterval(() => (most = Math.max(most, look())), 50);
  return {
    stop: async () => {
      clearInterval(timer);
      return most;
    },
  };
}

/** The most resident memory that a process had so far, in KiB; 0 where it has gone. */
function peakOf(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function rendererPeak() {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const isRenderer = (pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer');
    } catch {
      return false;
    }
  };
  return Math.max(0, ...pids.filter(isRenderer).map(peakOf));
}

function findCase(data) {
  for (const grade of ['HGG', 'LGG']) {
    const [first] = existsSync(join(data, grade)) ? readdirSync(join(data, grade)) : [];
    if (first) return join(data, grade, first);
  }
  throw new Error(`${data}: found no case.`);
}

function filesOf(folderOfCase) {
  const names = readdirSync(folderOfCase).filter((name) => !name.includes('_seg'));
  return names.map((name) => join(folderOfCase, name));
}

async function which(name) {
  if (name.includes('/')) return name;
  const child = spawn('sh', ['-c', `command -v ${name}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  return String((await once(child.stdout, 'data'))[0]).trim();
}
