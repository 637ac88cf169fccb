import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { generatePackage } from '../generators/generate-package.mjs';

const outside = await mkdtemp(join(tmpdir(), 'interseg-generators-'));
afterAll(() => rm(outside, { recursive: true, force: true }));
const root = join(import.meta.dirname, '..', '..');

it.each(['variant', 'backbone', 'loss'] as const)(
  'a %s becomes a package, in the repository or outside',
  async (kind) => {
    const written = new Map<string, string>();
    const tree = { root, write: (path: string, content: string) => void written.set(path, content) };
    generatePackage(tree as never, kind, { name: `new-${kind}` });
    const [folder, files] = [
      `examples/interseg-new-${kind}`,
      ['package.json', 'README.md', 'src/index.ts', 'vitest.config.ts'],
    ];
    for (const file of files) expect(written.has(join(folder, file))).toBe(true);
    expect(written.get(`.changeset/interseg-new-${kind}.md`)).toContain(`'interseg-new-${kind}': minor`);
    expect([...written.values()].some((text) => /__(name|title|identifier)__/.test(text))).toBe(false);

    const directory = join(outside, kind);
    generatePackage(tree as never, kind, { name: `new-${kind}`, directory });
    const manifest = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest).toMatchObject({ name: `interseg-new-${kind}`, exports: { '.': { default: './dist/index.js' } } });
    expect(manifest['private']).toBeUndefined();
    // Published packages have no sources.
    for (const file of ['tsconfig.json', 'tsconfig.build.json', 'vitest.config.ts']) {
      const [here, there] = [written.get(join(folder, file)), await readFile(join(directory, file), 'utf8')];
      expect(here).toMatch(/conditions/i);
      expect(there).not.toMatch(/conditions|@interseg\/source/i);
    }
    expect(() => generatePackage(tree as never, kind, { name: 'again', directory })).toThrow('found a package');
    expect(() => generatePackage(tree as never, kind, { name: 'Not A Name' })).toThrow('lower-case letters');
  },
);
