import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../setup.mjs';
import { run } from '../run.mjs';

const versions = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies;

/**
 * Makes a project outside the repository and installs packages in it. Those of InterSeg come from their tarballs, as they are
 * not published yet, whoever asks for them.
 *
 * @param {string} folder
 * @param {readonly { manifest: { name: string }, tarball: string }[]} packed
 * @param {readonly string[]} names what the project itself depends on
 * @param {readonly string[]} workspaces folders of packages that lie in the project
 */
export async function installTarballs(folder, packed, names, workspaces = []) {
  mkdirSync(folder, { recursive: true });
  const tarballs = Object.fromEntries(packed.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]));
  const project = {
    name: 'an-empty-project',
    private: true,
    workspaces,
    dependencies: Object.fromEntries(names.map((name) => [name, tarballs[name] ?? versions[name] ?? '*'])),
    overrides: Object.fromEntries(Object.entries(tarballs).filter(([name]) => !names.includes(name))),
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(project, null, 2));
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'], { cwd: folder });
}
