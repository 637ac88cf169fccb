import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatePackage } from '../../generators/generate-package.mjs';
import { root } from '../../setup.mjs';
import { Finding, run } from '../run.mjs';
import { installTarballs } from './install.mjs';
import { packAll, workedExample } from './pack.mjs';
import { runShellExample } from './use.mjs';

/** How a run names what each generator made, besides the plugin. */
const choices = {
  variant: ['--variant=new-variant-unet'],
  backbone: ['--variant=twi-new-backbone'],
  loss: ['--variant=twi-unet', '--loss=new-loss'],
};

/** What the generators make. */
export const kinds = Object.keys(choices);

const small = ['--size=32', '--filters=4,8', '--epochs=1', '--batch=4', '--engine=wasm', '--threads=1'];

/**
 * A project outside the repository with the command line and the worked example from their tarballs, and new packages from the
 * generators.
 *
 * @returns what {@link checkWorkedExample} and {@link checkGenerated} take
 */
export async function createContributions(folder, packed, generated) {
  mkdirSync(folder, { recursive: true });
  const [example] = await packAll([workedExample()], folder);
  for (const kind of generated) {
    generatePackage({ root }, kind, { name: `new-${kind}`, directory: join(folder, `interseg-new-${kind}`) });
  }
  const workspaces = generated.map((kind) => `interseg-new-${kind}`);
  await installTarballs(folder, [...packed, example], ['@interseg/cli', example.manifest.name], workspaces);
  return { folder, example };
}

/** Runs the commands of the worked example's README: they train one of its variants for an epoch and segment with it. */
export async function checkWorkedExample({ folder, example }) {
  const work = await runShellExample(folder, example);
  expectRun(join(work, 'run'), example.manifest.name);
}

/**
 * Does with a generated package what its README says: runs its contract, builds it, and trains with it.
 *
 * @returns how many tests the contract has
 */
export async function checkGenerated({ folder }, kind) {
  const name = `interseg-new-${kind}`;
  const home = join(folder, name);
  await run('npm', ['test', '--', '--run'], { cwd: home });
  const { numPassedTests: passed, numTotalTests: all } = readJson(join(home, 'test-results', 'results.json'));
  if (passed === 0 || passed < all) throw new Finding(`${passed} of ${all} tests of ${name} passed.`);
  await run('npm', ['run', 'typecheck'], { cwd: home });
  await run('npm', ['run', 'build'], { cwd: home });
  const [data, out] = [`phantoms-${kind}`, `run-${kind}`];
  await interseg(folder, 'data', 'phantom', `--out=${data}`, '--patients=4', '--shape=24,24,4', '--spacing=4,4,8');
  await interseg(folder, 'train', `--data=${data}`, `--out=${out}`, `--plugin=${name}`, ...choices[kind], ...small);
  expectRun(join(folder, out), name);
  return passed;
}

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

function interseg(folder, ...commandLine) {
  const command = join(folder, 'node_modules', '@interseg', 'cli', 'bin', 'interseg.js');
  return run(process.execPath, [command, ...commandLine], { cwd: folder });
}

/** @throws Finding when a run has not one epoch with a plugin */
function expectRun(folder, plugin) {
  const { plugins } = readJson(join(folder, 'config.json'));
  const epochs = readFileSync(join(folder, 'history.csv'), 'utf8').trim().split('\n').length - 1;
  if (plugins.join() !== plugin || epochs !== 1) {
    throw new Finding(`A run has ${epochs} epochs with the plugins ${plugins.join()}, expected one with ${plugin}.`);
  }
}
