import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DataError } from '@interseg/errors';
import { afterAll, expect, test } from 'vitest';
import { nodeApiVersion, pinnedWheel, recipe, tensorflowVersion, tfjsNode } from './pins.ts';
import { findReadyMade, layReadyMade, type ReadyMadeManifest } from './ready-made.ts';

const root = mkdtempSync(join(tmpdir(), 'ready-made-'));
afterAll(() => rmSync(root, { recursive: true }));
const pinned = pinnedWheel('linux-x64', false)!;
const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A project with the package as npm installs it. @returns the path of its package.json */
function project(name: string, changes: Partial<ReadyMadeManifest> = {}): string {
  const folder = join(root, name, 'node_modules', '@interseg', 'engine-linux-x64');
  const files = { 'binding/tfjs_binding.node': 'machine code', 'tfjs-node/dist/kernels/Add.js': 'exports.add = 1;' };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const manifest: ReadyMadeManifest = {
    tensorflow: tensorflowVersion,
    tfjsNode: tfjsNode.version,
    nodeApi: nodeApiVersion,
    recipe,
    wheel: { sha256: pinned.sha256, url: 'https://index.example/tensorflow.whl' },
    files: Object.fromEntries(Object.entries(files).map(([path, text]) => [path, digest(text)])),
    ...changes,
  };
  writeFileSync(join(folder, 'package.json'), '{"name":"@interseg/engine-linux-x64","version":"0.1.0"}');
  writeFileSync(join(folder, 'engine.json'), JSON.stringify(manifest));
  return join(root, name, 'package.json');
}

test('is found where a project has it, and copied whole', async () => {
  const found = await findReadyMade('linux-x64', pinned, [join(root, 'none', 'package.json'), project('a')]);
  const build = mkdtempSync(join(root, 'build-'));
  await layReadyMade(build, found!);
  expect(readFileSync(join(build, 'binding', 'tfjs_binding.node'), 'utf8')).toBe('machine code');
  expect(readFileSync(join(build, 'tfjs-node', 'dist', 'kernels', 'Add.js'), 'utf8')).toBe('exports.add = 1;');
});

test.each([
  { tensorflow: '2.20.0' },
  { tfjsNode: '4.21.0' },
  { nodeApi: 7 },
  { recipe: recipe + 1 },
  { wheel: { sha256: '0'.repeat(64), url: '' } },
])('is not taken when it was made for something else: %j', async (changes) => {
  const from = project(Object.keys(changes)[0]!, changes);
  expect(await findReadyMade('linux-x64', pinned, [from])).toBeUndefined();
});

test('is refused when a file was changed, or would be written elsewhere', async () => {
  const changed = await findReadyMade('linux-x64', pinned, [project('changed')]);
  writeFileSync(join(changed!.folder, 'binding', 'tfjs_binding.node'), 'other code');
  const build = mkdtempSync(join(root, 'build-'));
  await expect(layReadyMade(build, changed!)).rejects.toThrow(DataError);
  await expect(layReadyMade(build, changed!)).rejects.toThrow(/tfjs_binding\.node is not the file of the release/);
  const outside = { ...changed!, files: { '../engine-linux-x64/package.json': digest('x') } };
  await expect(layReadyMade(build, outside)).rejects.toThrow('is not the file of the release');
});
