import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');
const pages = ['.', 'docs', 'studies', 'examples', 'tools', 'packages'].flatMap((folder) =>
  pagesIn(folder, folder !== '.'),
);

/** The pages of Markdown that people wrote in a folder. */
function pagesIn(folder: string, recursive: boolean): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return recursive && !/^(node_modules|dist|test-results)$/.test(entry.name) ? pagesIn(path, true) : [];
    }
    return entry.name.endsWith('.md') && entry.name !== 'CHANGELOG.md' ? [path] : [];
  });
}

const withoutCode = (page: string) => readFileSync(join(root, page), 'utf8').replaceAll(/^```[^]*?^```/gm, '');

/** The fragments that GitHub gives to the headings of a page. */
function anchorsIn(page: string): string[] {
  return [...withoutCode(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The links of a page that lead nowhere. */
function brokenLinks(page: string): string[] {
  return [...withoutCode(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)]
    .map(([, link]) => link!)
    .filter((link) => {
      const [path, anchor] = link.split('#') as [string, string?];
      const target = path === '' ? page : normalize(join(dirname(page), path));
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && target.endsWith('.md') && !anchorsIn(target).includes(anchor);
    });
}

it('finds the pages, and the anchors of their headings', () => {
  expect(pages).toEqual(
    expect.arrayContaining(['README.md', join('docs', 'method.md'), join('studies', 'findings.md')]),
  );
  expect(anchorsIn(join('docs', 'which-variant.md'))).toContain('what-the-paper-leaves-open');
});

it.each(pages)('every link of %s leads somewhere', (page) => {
  expect(brokenLinks(page)).toEqual([]);
});
