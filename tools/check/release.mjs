// Publishes every package to a registry of its own (verdaccio), installs from there, changes `losses`, publishes again, and looks
// at which packages got a new version.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../setup.mjs';
import { startRegistry } from './release/registry.mjs';
import { Finding, run } from './run.mjs';
import { publishedPackages } from './tarballs/pack.mjs';

const started = performance.now();
const work = mkdtempSync(join(tmpdir(), 'interseg-release-'));
const copy = join(work, 'repository');
const names = publishedPackages().map(({ manifest }) => manifest.name);

/** What follows from a change in losses that breaks its range: these, and no others. */
const moving = ['losses', 'models', 'training', 'experiments', 'cli'].map((name) => `@interseg/${name}`);

const registry = await startRegistry(join(work, 'registry'));
try {
  await copyRepository();
  await version();
  await publish();
  const first = versions();
  await install('first', first);
  writeFileSync(join(copy, '.changeset', 'trial.md'), "---\n'@interseg/losses': minor\n---\n\nA change.\n");
  await version();
  await publish();
  const second = versions();
  const moved = names.filter((name) => first[name] !== second[name]);
  for (const name of names) console.log(`${name.padEnd(24)} ${first[name]} → ${second[name]}`);
  if (moved.toSorted().join() !== moving.toSorted().join()) {
    throw new Finding(`A change of losses moved ${moved.join(', ')}, expected ${moving.join(', ')}.`);
  }
  await install('second', second);
  console.log(`\nA change of losses moves its dependants and no others, ${elapsed()} s.`);
} catch (error) {
  console.error(error instanceof Finding ? error.message : error);
  process.exitCode = 1;
} finally {
  registry.stop();
  rmSync(work, { recursive: true, force: true });
}

function elapsed() {
  return Math.round((performance.now() - started) / 1000);
}

/** The tracked files and what was built, in a repository of their own; installed packages are linked. */
async function copyRepository() {
  const tracked = (await run('git', ['ls-files', '-z'], { cwd: root })).split('\0').filter((file) => file !== '');
  for (const file of tracked) {
    if (!existsSync(join(root, file))) continue;
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  for (const { name, folder } of publishedPackages()) {
    cpSync(join(folder, 'dist'), join(copy, 'packages', name, 'dist'), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  writeFileSync(join(copy, '.npmrc'), registry.npmrc);
  const author = ['-c', 'user.name=release', '-c', 'user.email=release@localhost'];
  await run('git', ['init', '--quiet', '--initial-branch=main'], { cwd: copy });
  await run('git', ['add', '--all'], { cwd: copy });
  await run('git', [...author, 'commit', '--quiet', '--no-verify', '--message=copy'], { cwd: copy });
}

function changeset(...args) {
  const program = join(root, 'node_modules', '@changesets', 'cli', 'bin.js');
  return run(process.execPath, [program, ...args], { cwd: copy, env: registry.env });
}

function version() {
  return changeset('version');
}

function publish() {
  return changeset('publish', '--no-git-tag');
}

function versions() {
  const manifest = (name) => join(copy, 'packages', name.replace('@interseg/', ''), 'package.json');
  return Object.fromEntries(names.map((name) => [name, JSON.parse(readFileSync(manifest(name), 'utf8')).version]));
}

/** Installs the command from the registry and expects the versions that were published. */
async function install(name, expected) {
  const folder = join(work, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  writeFileSync(join(folder, '.npmrc'), registry.npmrc);
  await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', '@interseg/cli'], {
    cwd: folder,
    env: registry.env,
  });
  for (const one of names) {
    const path = join(folder, 'node_modules', one, 'package.json');
    const found = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).version : 'nothing';
    if (found !== expected[one]) throw new Finding(`${one}: found ${found} installed, expected ${expected[one]}.`);
  }
  const printed = await run(process.execPath, ['node_modules/@interseg/cli/bin/interseg.js', 'variants'], {
    cwd: folder,
  });
  if (!printed.includes('twi-unet')) throw new Finding(`The installed command printed ${printed}`);
}
