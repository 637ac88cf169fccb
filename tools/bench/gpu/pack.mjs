import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { root } from '../../setup.mjs';

/** What the measurements import; their dependencies follow. */
const wanted = ['@interseg/cli', '@tensorflow/tfjs-backend-webgpu', 'webgpu'];
/** Optional peers that other packages name, but that the measurements do not need. */
const needless = /^(@tensorflow\/tfjs-node|onnxruntime|nx$|vitest$|@types\/)/;
const measurements = ['gpu.mjs', 'gpu', 'peers', 'race.mjs', 'rounds.mjs', 'steady.mjs', 'slope.mjs'];

const script = `#!/bin/sh
# Unpacks Node, InterSeg and Dawn beside this file, and measures webgpu on this machine.
set -e
here=$(cd "$(dirname "$0")" && pwd)
target=\${TMPDIR:-/tmp}/interseg-gpu
mkdir -p "$target"
xz -dc "$here/interseg.tar.xz" | tar -x -C "$target"
LD_LIBRARY_PATH=\${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$target/lib exec "$target/bin/node" "$target/tools/bench/gpu.mjs" "$@"
`;

/**
 * Writes Node, the built packages, what they need and the measurements into an archive, and the script that unpacks and
 * runs them.
 *
 * @param {string} folder
 */
export async function pack(folder) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('--pack packs for Linux on x64, from there.');
  }
  const stage = await mkdtemp(join(tmpdir(), 'interseg-pack-'));
  try {
    await copy(await realpath(process.execPath), join(stage, 'bin', 'node'));
    for (const name of measurements) {
      await copy(join(root, 'tools', 'bench', name), join(stage, 'tools', 'bench', name));
    }
    await writeFile(join(stage, 'package.json'), '{ "type": "module" }\n');
    const packed = new Map();
    for (const name of wanted) await copyPackage(name, root, stage, packed);
    const loader = '/usr/lib/x86_64-linux-gnu/libvulkan.so.1';
    if (existsSync(loader)) await copy(await realpath(loader), join(stage, 'lib', basename(loader)));
    await mkdir(folder, { recursive: true });
    const archive = join(resolve(folder), 'interseg.tar.xz');
    execFileSync('tar', ['-C', stage, '-c', '-I', 'xz -T0 -6', '-f', archive, '.']);
    await writeFile(join(folder, 'run.sh'), script, { mode: 0o755 });
    const size = (await stat(archive)).size / 2 ** 20;
    console.log(`${packed.size} packages and Node ${process.version}: ${size.toFixed(1)} MiB in ${archive}`);
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

/** Copies a package without what Node does not read, to where Node looks from the packages that need it. */
async function copyPackage(name, from, stage, packed) {
  const found = await findPackage(name, from);
  if (found === undefined || packed.get(name) !== undefined) return;
  packed.set(name, found);
  const target = join(stage, 'node_modules', name);
  const keep = (source) => {
    const below = source.slice(found.length);
    if (/\.(map|ts|tsx|md)$|\.min\.js$|\.(es2017|fesm)\S*\.js$/.test(below)) return false;
    if (/^\/(node_modules|src|test|test-results|bench|scripts|assembly|page)\b/.test(below)) return false;
    // Dawn for other systems.
    return !(name === 'webgpu' && /^\/dist\/(?!linux-x64|index|[^/]*\.js)/.test(below));
  };
  await cp(found, target, { recursive: true, filter: keep });
  const { dependencies = {}, peerDependencies = {} } = JSON.parse(await readFile(join(found, 'package.json'), 'utf8'));
  for (const next of Object.keys({ ...dependencies, ...peerDependencies })) {
    if (!needless.test(next)) await copyPackage(next, found, stage, packed);
  }
}

async function findPackage(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', name);
    if (existsSync(join(path, 'package.json'))) return realpath(path);
    if (folder === dirname(folder)) return undefined;
  }
}

async function copy(source, target) {
  await mkdir(dirname(target), { recursive: true });
  await cp(source, target, { recursive: true, filter: (path) => !/node_modules|test-results|__pycache__/.test(path) });
}
