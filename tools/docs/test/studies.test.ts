import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { variants } from '@interseg/models';
import { comparisonConfiguration, parseEntry } from '@interseg/experiments';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const folder = join(import.meta.dirname, '..', '..', '..', 'studies');
const studies = readdirSync(folder, { withFileTypes: true })
  // `quality` holds what tools/bench/quality.mjs measured, which is no comparison of variants.
  .filter((entry) => entry.isDirectory() && entry.name !== 'quality')
  .map(({ name }) => name);
const known = variants().map(({ name }) => name);
const overview = readFileSync(join(folder, 'README.md'), 'utf8');

describe.each(studies)('the study %s', (study) => {
  const configuration = comparisonConfiguration.parse({
    data: 'DATA',
    ...parse(readFileSync(join(folder, study, 'compare.yaml'), 'utf8')),
  });
  const entries = configuration.variants[0] === 'all' ? known : configuration.variants;
  const points = pointsOf(study);
  // A point of a curve is a comparison by itself, which may have entries of its own.
  const perSeed = points?.reduce((sum, { variants: own = [] }) => sum + entries.length + own.length, 0);
  const runs = (perSeed ?? entries.length) * configuration.seeds.length;

  it('compares what `interseg compare` can train', () => {
    for (const entry of entries) expect(known).toContain(parseEntry(entry).variant);
    const { source } = JSON.parse(readFileSync(join(folder, study, 'data.json'), 'utf8'));
    expect(['phantoms', 'colin27']).toContain(source);
    for (const point of points ?? []) {
      const all = [...entries, ...(point.variants ?? [])];
      const { success } = comparisonConfiguration.safeParse({ ...configuration, ...point, variants: all });
      expect(success, JSON.stringify(point)).toBe(true);
    }
  });

  it('stands in the overview with its runs, and with a page of all of them if it was run', () => {
    const cells = overview
      .split('\n')
      .find((line) => line.startsWith(`| \`${study}\``))
      ?.split('|')
      .map((cell) => cell.trim());
    expect(Number(cells?.[3])).toBe(runs);
    const page = join(folder, study, 'results.md');
    if (!existsSync(page)) {
      expect(cells?.[4]).toBe('not run yet');
      return;
    }
    expect(cells?.[4]).toBe(`[results](${study}/results.md)`);
    const text = readFileSync(page, 'utf8');
    expect(text.replaceAll('\n', ' ')).toContain(`${runs} runs (seeds ${configuration.seeds.join(', ')})`);
    for (const entry of entries) expect(text).toContain(`| \`${entry}\` `);
    const linked = points?.map(({ labelled }) => `labelled-${labelled}.md`) ?? ['differences.svg', 'convergence.svg'];
    for (const file of [...linked, ...(points ? ['learning-curve.svg'] : [])]) {
      expect(text).toContain(`(${file})`);
      expect(existsSync(join(folder, study, file))).toBe(true);
    }
  });
});

/** The points of a learning curve, where the study is one. */
function pointsOf(study: string): { labelled: number; variants?: string[] }[] | undefined {
  const file = join(folder, study, 'curve.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
