import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generatePhantoms } from '@interseg/data';
import { PNG } from 'pngjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { interseg, json, temporaryFolder, tiny, type Ended } from './support.ts';

const folder = await temporaryFolder();
const data = join(folder, 'phantoms');
const out = join(folder, 'comparison');
const parts = ['--fractions', '0.4,0.2,0.4'];
const commandLine = ['compare', '--data', data, '--out', out, '--variants', 'unet,twi-unet', '--seeds', '1,2'];
const options = [...tiny, ...parts, '--epochs', '2', '--batch', '2'];
const text = (...path: string[]): Promise<string> => readFile(join(out, ...path), 'utf8');

interface ComparisonDocument {
  comparison: string;
  stopped: string;
  report: string | null;
  figure: string | null;
  variants: { variant: string; runs: number; parameters: { deploy: number; training: number } }[] | null;
  tests: { comparisons: { variant: string; n: number; p: number }[] } | null;
}

let ended: Ended;
let document: ComparisonDocument;

beforeAll(async () => {
  await generatePhantoms(data, { patients: 5, shape: [32, 32, 6], spacing: [4, 4, 8], seed: 2 });
  ended = await interseg([...commandLine, ...options, '--json']);
  document = JSON.parse(ended.stdout || '{}') as ComparisonDocument;
});

/** When each file of the runs was last written. */
async function timesOfRuns(): Promise<Record<string, number>> {
  const files = await readdir(join(out, 'runs'), { recursive: true });
  const entries = files.map(async (file) => [file, (await stat(join(out, 'runs', file))).mtimeMs] as const);
  return Object.fromEntries(await Promise.all(entries));
}

describe('compare', () => {
  it('ends with 0, one JSON document on stdout, and tells how it goes on stderr', () => {
    expect(ended.status, ended.stderr).toBe(0);
    expect(document).toMatchObject({ comparison: out, stopped: 'finished', report: join(out, 'report.html') });
    expect(document.variants!.map(({ variant, runs }) => [variant, runs])).toEqual([
      ['unet', 2],
      ['twi-unet', 2],
    ]);
    expect(document.tests!.comparisons).toMatchObject([{ variant: 'twi-unet', n: 2 }]);
    expect(ended.stderr).toMatch(/^run 1\/4: unet, seed 1$/m);
    expect(ended.stderr).toMatch(/^run 4\/4: twi-unet, seed 2$/m);
    expect(ended.stderr).toMatch(/^epoch 1\/2 .* left, all runs \d/m);
    expect(ended.stderr.match(/^\S+, seed \d: test Dice .*, 2 epochs in /gm)).toHaveLength(4);
  });

  it('leaves a whole run folder for each variant and seed, all with one split', async () => {
    const runs = ['twi-unet-seed1', 'twi-unet-seed2', 'unet-seed1', 'unet-seed2'];
    expect((await readdir(join(out, 'runs'))).sort()).toEqual(runs);
    for (const run of runs) {
      expect(await text('runs', run, 'split.json')).toBe(await text('split.json'));
      expect(await readdir(join(out, 'runs', run))).toEqual(
        expect.arrayContaining(['config.json', 'history.csv', 'metrics.json', 'model', 'predictions', 'report.html']),
      );
    }
  });

  it('writes a figure with a row per test case and a column per variant', async () => {
    const { test } = JSON.parse(await text('split.json')) as { test: string[] };
    expect(test).toHaveLength(2);
    const png = PNG.sync.read(await readFile(join(out, 'figure.png')));
    // Image, ground truth and two variants of 260 pixels with 8 between them, 20 around.
    expect(png.width).toBe(2 * 20 + 4 * 260 + 3 * 8);
    expect(png.height).toBeGreaterThan(2 * 260);
  });

  it('writes a report with the tests by their names, curves and the figure, which loads nothing', async () => {
    const report = await text('report.html');
    expect(report).toContain('Wilcoxon');
    expect(report).toContain('Holm');
    // Two patients: 2 / 2².
    expect(report).toContain('no p below 0.50 is possible');
    expect(report.match(/<figure class="chart">/g)).toHaveLength(2);
    expect(report).toMatch(/<img\s+src="data:image\/png;base64,[\w+/]{100}/);
    expect(report).toContain('href="runs/unet-seed1/report.html"');
    expect(report).not.toMatch(/https?:\/\/|<script|NaN|undefined/);
  });

  it('repeats nothing when it is called again, and writes the same numbers', async () => {
    const [times, comparison] = [await timesOfRuns(), await text('comparison.json')];
    const again = await json<ComparisonDocument>([...commandLine, ...options]);
    expect(again).toEqual(document);
    expect(await timesOfRuns()).toEqual(times);
    expect(await text('comparison.json')).toBe(comparison);
  });

  it('has its report written anew by interseg report', async () => {
    const before = await text('report.html');
    await rm(join(out, 'report.html'));
    expect(await json(['report', out])).toEqual({ run: out, report: join(out, 'report.html') });
    expect(await text('report.html')).toBe(before);
  });

  it('ends with 130 on SIGINT, says how to go on, and goes on from there', async () => {
    const stopped = join(folder, 'stopped of all');
    const start = [
      'compare',
      '--data',
      data,
      '--out',
      stopped,
      '--variants',
      'unet,tw-unet',
      '--seeds',
      '1',
      ...options,
    ];
    const first = await interseg([...start, '--epochs', '8'], { signalAt: { signal: 'SIGINT', after: 'epoch 1/' } });
    expect(first.status, first.stderr).toBe(130);
    expect(first.stdout).toBe('');
    const command = /continue with: interseg (.*)\n$/.exec(first.stderr)![1]!;
    expect(command).toContain(`'${stopped}'`);
    const second = await interseg([...start, '--epochs', '8']);
    expect(second.status, second.stderr).toBe(0);
    // The run that was interrupted after its first epoch does not do that again; the other one begins.
    expect(second.stderr.match(/^epoch 1\/8 /gm)).toHaveLength(1);
    expect(second.stdout).toMatch(/^tw-unet +\d/m);
    expect(second.stdout).toContain('Nothing can be concluded: with 2 test patients and 1 comparison');
  });

  it('takes its options from a file, also from that of a run', async () => {
    const file = join(folder, 'comparison.yaml');
    await writeFile(
      file,
      'variants: [unet]\nseeds: [3]\nepochs: 1\nfilters: [4, 8]\nsize: 32\nengine: wasm\nthreads: 1\n',
    );
    const small = join(folder, 'small');
    await json(['compare', '--config', file, '--data', data, '--out', small, ...parts]);
    const config = join(small, 'runs', 'unet-seed3', 'config.json');
    const next = join(folder, 'next');
    await json(['compare', '--config', config, '--variants', 'unet', '--seeds', '3', '--out', next]);
    const history = (root: string): Promise<string> =>
      readFile(join(root, 'runs', 'unet-seed3', 'history.csv'), 'utf8');
    const withoutSeconds = (csv: string): string => csv.replace(/,[\d.]+$/gm, '');
    expect(withoutSeconds(await history(next))).toBe(withoutSeconds(await history(small)));
  });
});

describe('compare refuses', () => {
  const refusal = async (...words: string[]): Promise<string> => {
    const { status, stdout, stderr } = await interseg(words);
    expect([status, stdout], stderr).toEqual([2, '']);
    return stderr.trimEnd().split('\n').at(-1)!;
  };

  it('other settings than before, naming the one that differs', async () => {
    expect(await refusal(...commandLine, ...options, '--epochs', '3')).toMatch(
      /^error: .*comparison: the option epochs is 3, but the comparison there has 2: /,
    );
    expect(await refusal(...commandLine, ...options, '--seeds', '1')).toContain('the option seeds is 1, but');
  });

  it('unknown variants, and none', async () => {
    const start = ['compare', '--data', data, '--out', join(folder, 'none')];
    expect(await refusal(...start, '--variants', 'unet,twi-unnet')).toMatch(
      /--variants: found 'twi-unnet', .*did you mean twi-unet\?/,
    );
    expect(await refusal(...start)).toContain('The option --variants is missing');
    expect(await refusal(...start, '--variants', 'unet', '--seeds', '1,b')).toContain("--seeds: found '1,b'");
  });

  it('a folder that holds a run', async () => {
    const run = join(folder, 'run');
    await mkdir(run);
    await writeFile(join(run, 'config.json'), JSON.stringify({ data, variant: 'unet', seed: 1 }));
    const start = ['compare', '--data', data, '--variants', 'unet', ...options, '--out'];
    expect(await refusal(...start, run)).toMatch(/run\/config\.json: expected the settings of a comparison/);
  });
});
