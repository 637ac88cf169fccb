import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../setup.mjs';
import { Finding, mapLimited, run } from '../run.mjs';

/** Every package that is published: its folder, manifest and README. */
export function publishedPackages() {
  return readdirSync(join(root, 'packages')).map((name) => packageIn('packages', name));
}

/** The worked example of a package that others contribute. */
export function workedExample() {
  return packageIn('examples', 'attention-unet');
}

function packageIn(parent, name) {
  const folder = join(root, parent, name);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return { name, folder, manifest, readme: readFileSync(join(folder, 'README.md'), 'utf8') };
}

/** Packs every package into `destination`, as publishing would, and adds the tarball, its size and its files. */
export function packAll(packages, destination) {
  return mapLimited(packages, 2, async (one) => {
    const printed = await run('npm', ['pack', '--json', '--ignore-scripts', `--pack-destination=${destination}`], {
      cwd: one.folder,
    });
    const result = JSON.parse(printed);
    const [packed] = Array.isArray(result) ? result : Object.values(result);
    const files = packed.files.map(({ path }) => path);
    checkFiles(one.name, files);
    return { ...one, tarball: join(destination, packed.filename), size: packed.size, files };
  });
}

function checkFiles(name, files) {
  for (const expected of ['LICENSE', 'README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts']) {
    if (!files.includes(expected)) throw new Finding(`The tarball of ${name} lacks ${expected}.`);
  }
  const surplus = files.filter((file) => /(^|\/)(src|test)\/|\.test\.|\.tsbuildinfo$|vitest\.config/.test(file));
  if (surplus.length > 0) throw new Finding(`The tarball of ${name} has ${surplus.join(', ')}, which nobody needs.`);
}
