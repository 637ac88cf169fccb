import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { run } from '@interseg/cli';
import { openDataset, readSplit } from '@interseg/data';
import { parseEntry } from '@interseg/experiments';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { temporaryFolder } from '../build/temporary-folder.ts';
import { makePhantoms, phantomCommands, splitOf, type PhantomData } from '../studies/make-phantoms.mjs';

const root = await temporaryFolder();
const data: PhantomData = {
  shape: '16,16,6',
  spacing: '9,9,14',
  seed: 4,
  kinds: [
    { patients: 3, erodedMasks: 1 },
    { patients: 2, unlabelled: 1, spacing: '9,9,16' },
  ],
  split: { train: [1, 2], validation: [3, 3], test: [4, 5] },
};

async function interseg(commandLine: string[]): Promise<void> {
  const stderr = new PassThrough();
  const status = await run({ stdout: new PassThrough(), stderr, commandLine, status: 0 });
  if (status !== 0) throw new Error(String(stderr.read()));
}

it('has a command for each kind, with what it alone has after what they have in common', () => {
  const common = ['--shape', '16,16,6', '--spacing', '9,9,14', '--seed', '4'];
  expect(phantomCommands(data)).toEqual([
    [...common, '--patients', '3', '--eroded-masks', '1'],
    ['--shape', '16,16,6', '--spacing', '9,9,16', '--seed', '4', '--patients', '2', '--unlabelled', '1', '--append'],
  ]);
  expect(phantomCommands({ patients: 7 })).toEqual([['--patients', '7']]);
});

it('makes all kinds in one data set with its split, once', async () => {
  const folder = join(root, 'phantoms');
  const options = await makePhantoms(folder, data, interseg);
  expect(options).toEqual(['--data', folder, '--split', join(folder, 'split.json')]);
  const { cases, unlabelled } = await openDataset(folder);
  expect(unlabelled.map(({ id }) => id)).toEqual(['phantom_006']);
  expect(await readSplit(options[3]!, cases)).toEqual({
    train: ['phantom_001', 'phantom_002'],
    validation: ['phantom_003'],
    test: ['phantom_004', 'phantom_005'],
  });
  const objects = JSON.parse(await readFile(join(folder, 'objects.json'), 'utf8')) as Record<string, unknown[]>;
  expect(JSON.stringify(objects['phantom_003'])).toContain('eroded');
  expect(JSON.stringify(objects['phantom_004'])).not.toContain('eroded');
  await expect(makePhantoms(folder, data, () => Promise.reject(new Error('again')))).resolves.toEqual(options);
});

it('leaves nothing that looks complete when it is interrupted between kinds', async () => {
  const folder = join(root, 'interrupted');
  let commands = 0;
  const interrupted = makePhantoms(folder, data, (words) => {
    if (++commands === 2) throw new Error('interrupted');
    return interseg(words);
  });
  await expect(interrupted).rejects.toThrow('interrupted');
  expect(existsSync(folder)).toBe(false);
  await makePhantoms(folder, data, interseg);
  expect((await openDataset(folder)).cases).toHaveLength(5);
});

const studies = join(import.meta.dirname, '..', '..', 'studies');
const ofPhantoms = readdirSync(studies)
  .filter((study) => existsSync(join(studies, study, 'data.json')))
  .map((study) => [study, JSON.parse(readFileSync(join(studies, study, 'data.json'), 'utf8'))] as const)
  .filter(([, { source }]) => source === 'phantoms')
  .map(([study, { source: _, ...flags }]) => [study, flags as PhantomData] as const);

it.each(ofPhantoms)('the study %s asks for phantoms by flags that there are', async (_, flags) => {
  const stdout = new PassThrough();
  await run({ stdout, stderr: new PassThrough(), commandLine: ['data', 'phantom', '--help'], status: 0 });
  const help = String(stdout.read());
  const words = phantomCommands(flags).flat();
  expect(words).toContain('--patients');
  for (const flag of words.filter((word) => word.startsWith('--'))) {
    expect(help).toMatch(new RegExp(`^ +${flag}[, ]`, 'm'));
  }
});

it.each(ofPhantoms)('the study %s has as many phantoms as it splits and draws', (study, flags) => {
  const commands = phantomCommands(flags);
  const { variants } = parse(readFileSync(join(studies, study, 'compare.yaml'), 'utf8')) as { variants: string[] };
  const wanted = variants[0] === 'all' ? [] : variants.map((entry) => parseEntry(entry).settings['unlabelled'] ?? 0);
  const images = commands.reduce((sum, words) => sum + numberAfter('--unlabelled', words), 0);
  for (const number of wanted) expect(number).toBeLessThanOrEqual(images);
  if (!flags.split) return;
  const ids = Object.values(splitOf(flags.split)).flat();
  // Each labelled patient is in one part.
  expect(ids.toSorted()).toEqual(labelledIds(commands).toSorted());
});

/** The patients with labels: those of each kind come before its patients without. */
function labelledIds(commands: readonly string[][]): string[] {
  let number = 0;
  return commands.flatMap((words) => {
    const first = number + 1;
    const last = number + numberAfter('--patients', words);
    number = last + numberAfter('--unlabelled', words);
    return splitOf({ train: [first, last], validation: [1, 0], test: [1, 0] }).train;
  });
}

function numberAfter(flag: string, words: readonly string[]): number {
  return words.includes(flag) ? Number(words[words.indexOf(flag) + 1]) : 0;
}
