import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readmeExample } from '../../build/example.mjs';
import { Finding } from '../run.mjs';
import { installTarballs } from './install.mjs';

/** What a README tells people to install, without the package itself. */
function installedByReadme({ readme, manifest }) {
  const line = /^npm install (.*)$/m.exec(readme.replaceAll('\\\n', ' '))?.[1];
  if (line === undefined) throw new Finding(`The README of ${manifest.name} does not say 'npm install …'.`);
  const names = line
    .trim()
    .split(/\s+/)
    .filter((word) => !word.startsWith('-'));
  if (!names.includes(manifest.name)) throw new Finding(`The README of ${manifest.name} does not install it: ${line}`);
  const imported = [...(readmeExample(readme)?.code ?? '').matchAll(/^import .*?'([^'.][^']*)';$/gm)].map(
    ([, id]) => id,
  );
  const missing = imported.filter((id) => !id.startsWith('node:') && !names.includes(id));
  if (missing.length > 0) {
    throw new Finding(`The README of ${manifest.name} imports ${missing.join(', ')} but does not install that.`);
  }
  return names.filter((name) => name !== manifest.name);
}

/** An empty project with one package in it, from its tarball, and what its README says. */
export async function createProject(parent, one, packed) {
  const folder = join(parent, one.name);
  const others = installedByReadme(one);
  await installTarballs(folder, packed, [one.manifest.name, ...others]);
  checkInstalled(folder, one, others);
  return folder;
}

/** No package brings an engine, an install script or a native module that its README does not ask for. */
function checkInstalled(folder, { name, manifest }, others) {
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  const declared = [...others, ...Object.keys(manifest.dependencies ?? {})];
  for (const [path, { hasInstallScript }] of Object.entries(lock.packages)) {
    const installed = path.split('node_modules/').at(-1);
    if (hasInstallScript) throw new Finding(`${name} brings ${installed}, which runs a script when it is installed.`);
    const isEngine =
      /^@tensorflow\/tfjs-(backend-(cpu|wasm|webgl|webgpu)|node)/.test(installed) || installed === 'webgpu';
    const isNodeEngine = /^@tensorflow\/tfjs-node|^webgpu$/.test(installed);
    if (isNodeEngine || (isEngine && !declared.includes(installed))) {
      throw new Finding(`${name} brings the engine ${installed}.`);
    }
  }
  const native = readdirSync(join(folder, 'node_modules'), { recursive: true }).filter((file) =>
    file.endsWith('.node'),
  );
  if (native.length > 0) throw new Finding(`${name} brings the native module ${native[0]}.`);
}
