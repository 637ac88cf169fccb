import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readmeExample } from '../../build/example.mjs';
import { root } from '../../setup.mjs';
import { Finding, run } from '../run.mjs';

const versions = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies;

/** What a README tells people to install, without the package itself. */
export function installedByReadme({ readme, manifest }) {
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

/**
 * An empty project with one package in it, from its tarball, and what its README says. Other packages of InterSeg come from
 * their tarballs, as they are not published yet.
 */
export async function createProject(parent, one, packed) {
  const folder = join(parent, one.name);
  mkdirSync(folder, { recursive: true });
  const others = installedByReadme(one);
  const tarballOf = (name) => packed.find(({ manifest }) => manifest.name === name)?.tarball;
  const overrides = packed
    .filter(({ manifest }) => manifest.name !== one.manifest.name && !others.includes(manifest.name))
    .map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]);
  const project = {
    name: 'an-empty-project',
    private: true,
    dependencies: {
      [one.manifest.name]: `file:${one.tarball}`,
      ...Object.fromEntries(
        others.map((name) => [name, tarballOf(name) ? `file:${tarballOf(name)}` : (versions[name] ?? '*')]),
      ),
    },
    overrides: Object.fromEntries(overrides),
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(project, null, 2));
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'], { cwd: folder });
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
    if (isNodeEngine || (isEngine && !declared.includes(installed)))
      throw new Finding(`${name} brings the engine ${installed}.`);
  }
  const native = readdirSync(join(folder, 'node_modules'), { recursive: true }).filter((file) =>
    file.endsWith('.node'),
  );
  if (native.length > 0) throw new Finding(`${name} brings the native module ${native[0]}.`);
}
