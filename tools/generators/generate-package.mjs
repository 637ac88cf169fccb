import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { packageFiles } from './package-files.mjs';

/**
 * Makes a package with a variant, a backbone or a loss, with its test. Inside the repository it goes through Nx' tree (and
 * gets a changeset), outside it is written as it is.
 *
 * @param {import('@nx/devkit').Tree} tree
 * @param {'variant' | 'backbone' | 'loss'} kind
 * @param {{ name: string, directory?: string }} options
 */
export function generatePackage(tree, kind, { name, directory = `examples/interseg-${name}` }) {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new Error(`The name '${name}' must be lower-case letters and digits joined by hyphens.`);
  }
  const folder = resolve(tree.root, directory);
  if (existsSync(join(folder, 'package.json'))) {
    throw new Error(`${directory}: found a package, expected a new or empty folder.`);
  }
  const fromRoot = relative(tree.root, folder);
  const isInside = !fromRoot.startsWith('..') && !isAbsolute(fromRoot);
  for (const [file, content] of Object.entries(packageFiles(kind, name, isInside))) {
    if (isInside) tree.write(join(fromRoot, file), content);
    else write(join(folder, file), content);
  }
  if (isInside) tree.write(`.changeset/interseg-${name}.md`, changeset(kind, name));
  const steps = isInside
    ? ['npm install --package-lock-only', `npm test --workspace interseg-${name} -- --run`]
    : [`cd ${folder}`, 'npm install', 'npm test -- --run', 'npm run build'];
  return () => console.log(`\nNext:\n${steps.map((step) => `  ${step}`).join('\n')}`);
}

function write(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function changeset(kind, name) {
  return `---\n'interseg-${name}': minor\n---\n\nThe ${kind} ${name}.\n`;
}
