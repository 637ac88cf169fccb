import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineLayout, layouts } from '@interseg/data';
import { findLoss } from '@interseg/models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lastingName, loadPlugins } from './load-plugins.ts';

let folder: string;
const lossModule = (name: string): string =>
  `export default { losses: [{ name: '${name}', title: 'T', description: 'D', compute: () => 1 }] };`;

async function writePackage(name: string, code: string, extra: object = {}): Promise<string> {
  const root = join(folder, 'node_modules', name);
  await mkdir(root, { recursive: true });
  // The condition `import` alone: CommonJS would not find it.
  const manifest = { name, type: 'module', exports: { '.': { import: './index.js' } }, ...extra };
  await writeFile(join(root, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(root, 'index.js'), code);
  return root;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'interseg-plugins-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('loadPlugins', () => {
  it('finds packages from a folder, folders and files, and takes them twice', async () => {
    await writePackage('one', lossModule('loss-of-one'));
    const two = await writePackage('two', lossModule('loss-of-two'));
    const file = join(folder, 'three.mjs');
    await writeFile(file, lossModule('loss-of-three'));
    const run = join(folder, 'runs', 'first');
    for (let time = 0; time < 2; time++) await loadPlugins(['one', two, file], [run]);
    for (const name of ['one', 'two', 'three']) expect(findLoss(`loss-of-${name}`).title).toBe('T');
  });

  it('takes layouts, from the default export or defined by the import itself', async () => {
    const layout = (name: string): string =>
      `{ name: '${name}', title: 'T', description: 'D', detect: () => false, open: async () => undefined }`;
    await writePackage('listing', `export default { layouts: [${layout('listed')}] };`);
    await writePackage('broken-layout', "export default { layouts: [{ name: 'x' }] };");
    const file = join(folder, 'defining.mjs');
    Object.assign(globalThis, { defineInTest: defineLayout });
    await writeFile(file, `globalThis.defineInTest(${layout('defined')});`);
    for (let time = 0; time < 2; time++) await loadPlugins(['listing', file], [folder]);
    expect(layouts().map(({ name }) => name)).toEqual(['msd', 'brats', 'folder', 'listed', 'defined']);
    await expect(loadPlugins(['broken-layout'], [folder])).rejects.toThrow(
      'Plugin broken-layout: its default export has nothing as layouts[0].title, expected a string.',
    );
  });

  it.each([
    ['absent', 'Plugin absent: found no such package from '],
    ['./absent.js', 'Plugin ./absent.js: found nothing there'],
    ['thrower', 'Plugin thrower: cannot be imported (no luck).'],
    ['nothing', 'Plugin nothing: its default export is nothing, expected an object with lists'],
    ['entryless', 'Plugin entryless: '],
    ['copy', 'Plugin copy: it uses @interseg/models in '],
  ])('names the plugin that does not work: %s', async (name, message) => {
    await writePackage('thrower', "throw new Error('no luck.');");
    await writePackage('nothing', 'export const unused = 1;');
    await writePackage('entryless', '', { exports: {} });
    const copy = await writePackage('copy', lossModule('copied'));
    await mkdir(join(copy, 'node_modules', '@interseg', 'models'), { recursive: true });
    await writeFile(join(copy, 'node_modules', '@interseg', 'models', 'package.json'), '{}');
    await expect(loadPlugins([name], [folder])).rejects.toThrow(message);
  });

  it('keeps paths as absolute ones and names as they are', () => {
    expect([lastingName('./a.js', '/b'), lastingName('/c.js'), lastingName('a')]).toEqual(['/b/a.js', '/c.js', 'a']);
  });
});
