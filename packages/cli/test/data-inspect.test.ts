import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generatePhantoms, type DataSetReport } from '@interseg/data';
import { writeNifti } from '@interseg/nifti';
import { beforeAll, describe, expect, it } from 'vitest';
import { intersegHere, temporaryFolder } from './support.ts';

const root = await temporaryFolder();
const data = join(root, 'set');

beforeAll(async () => {
  await generatePhantoms(data, {
    patients: 3,
    unlabelled: 1,
    shape: [36, 40, 10],
    spacing: [4, 4, 9],
    classes: ['lesion', 'never'],
    objects: [
      { count: [1, 1], radius: [9, 9] },
      { count: [0, 0], radius: [9, 9] },
    ],
  });
  // Three objects on a grid of 2 mm: of 1, 2 and 3 voxels, the last across corners only.
  const image = Int16Array.from({ length: 6 ** 3 }, (_, index) => index);
  const label = new Uint8Array(6 ** 3);
  for (const [x, y, z] of [
    [0, 0, 0],
    [5, 0, 0],
    [5, 1, 0],
    [1, 3, 1],
    [2, 4, 2],
    [3, 5, 3],
  ] as const) {
    label[x + 6 * (y + 6 * z)] = 1;
  }
  const affine = [
    [2, 0, 0, 0],
    [0, 2, 0, 0],
    [0, 0, 2, 0],
    [0, 0, 0, 1],
  ];
  const shape = [6, 6, 6];
  await writeNifti(join(data, 'imagesTr/phantom_002.nii.gz'), { data: image, shape, affine });
  await writeNifti(join(data, 'labelsTr/phantom_002.nii.gz'), { data: label, shape, affine }, { labels: true });
});

describe('data inspect', () => {
  it('counts and measures connected objects', async () => {
    const { status, stdout } = await intersegHere('data', 'inspect', data, '--json');
    expect(status).toBe(0);
    const report = JSON.parse(stdout) as DataSetReport;
    expect(report.cases[1]!.classes![0]).toEqual({ name: 'lesion', voxels: 6, volume: 48, objects: [8, 16, 24] });
    expect(report.cases.map(({ classes }) => classes?.[0]!.objects!.length)).toEqual([1, 3, 1, undefined]);
    expect(report.classSummaries[0]).toMatchObject({ cases: 3, objects: 5, objectVolume: { smallest: 8, median: 24 } });
    expect(report.classSummaries[1]).toMatchObject({ cases: 0, objects: 0 });
    const text = (await intersegHere('data', 'inspect', data)).stdout;
    expect(text).toMatch(/^phantom_002 .* 6×6×6 +2×2×2 +RAS .* 0\.05 +3 +0\.00 +0$/m);
    expect(text).toMatch(/^lesion +3 .* 5 +8 +24 /m);
  });

  it('writes a page with the numbers, the problems and pictures of the cases with labels', async () => {
    const out = join(root, 'set.html');
    const { status, stdout } = await intersegHere('data', 'inspect', data, '--html', out);
    expect([status, stdout.trimEnd().split('\n').at(-1)]).toEqual([0, out]);
    const page = await readFile(out, 'utf8');
    expect(page).toContain('no case contains the class never.');
    expect(page.match(/<h3>phantom_00\d<\/h3>/g)).toEqual([1, 2, 3].map((number) => `<h3>phantom_00${number}</h3>`));
    expect(page.match(/class="outline reference"/g)!.length).toBeGreaterThan(3);
    expect(page).not.toContain('outline prediction"');
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('ends with 2, after its report, when no case can be trained on, as its help says', async () => {
    const help = await intersegHere('data', 'inspect', '--help');
    expect(help.stdout).toContain('Exit status: 1 if a case cannot be read, 2 if no case can be trained on');
    const shape = [16, 16, 4] as [number, number, number];
    const sizes = { shape, spacing: [8, 8, 20] as [number, number, number] };
    const empty = join(root, 'empty');
    await generatePhantoms(empty, { patients: 3, ...sizes, objects: { count: [0, 0], radius: [9, 9] } });
    const unlabelled = join(root, 'unlabelled');
    await generatePhantoms(unlabelled, { patients: 1, unlabelled: 2, ...sizes });
    const description = join(unlabelled, 'dataset.json');
    const { training, ...others } = JSON.parse(await readFile(description, 'utf8')) as { training: unknown[] };
    expect(training).toHaveLength(1);
    await writeFile(description, JSON.stringify({ ...others, numTraining: 0, training: [] }));
    for (const [folder, cases, problem] of [
      [empty, 3, 'no case contains the class lesion.'],
      [unlabelled, 2, 'found 0 labelled patients, expected at least 3, for training, validation and test.'],
    ] as const) {
      const { status, stdout } = await intersegHere('data', 'inspect', folder, '--json');
      const report = JSON.parse(stdout) as DataSetReport;
      expect([status, report.cases.length, report.problems]).toEqual([
        2,
        cases,
        expect.arrayContaining([`${folder}: ${problem}`]),
      ]);
      const text = await intersegHere('data', 'inspect', folder);
      expect([text.status, text.stdout]).toEqual([2, expect.stringContaining(`- ${folder}: ${problem}\n`)]);
    }
  });

  it('refuses a page of another name', async () => {
    const { status, stderr } = await intersegHere('data', 'inspect', data, '--html', 'page.txt');
    expect([status, stderr]).toEqual([2, expect.stringMatching(/--html: found 'page\.txt', expected .*\.html/)]);
  });
});

it('data phantom lays out BraTS, and refuses classes for it', async () => {
  const out = join(root, 'brats');
  const small = ['--layout', 'brats', '--out', out, '--patients', '2', '--shape', '32,32,8', '--spacing', '5,5,10'];
  const made = await intersegHere('data', 'phantom', ...small, '--json');
  expect(JSON.parse(made.stdout)).toMatchObject({ channels: ['t1', 't1ce', 't2', 'flair'], cases: { length: 2 } });
  const refused = await intersegHere('data', 'phantom', ...small, '--classes', 'mine');
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('The option classes is ["mine"]')]);
});

it('data phantom appends patients of another kind, some with wrong labels', async () => {
  const out = join(root, 'kinds');
  const small = ['data', 'phantom', '--out', out, '--patients', '2', '--shape', '32,32,8', '--spacing', '5,5,10'];
  const noisy = ['--eroded-masks', '1', '--erosion', '3', '--forgotten-objects', '0.5'];
  expect((await intersegHere(...small, ...noisy)).status).toBe(0);
  const again = await intersegHere(...small);
  expect([again.status, again.stderr]).toEqual([2, expect.stringContaining('there is a data set already')]);
  const appended = await intersegHere(...small, '--append', '--unlabelled', '1', '--noise', '0.2', '--json');
  const ids = ['phantom_001', 'phantom_002', 'phantom_003', 'phantom_004'];
  expect(JSON.parse(appended.stdout)).toMatchObject({ cases: ids, unlabelled: ['phantom_005'] });
  const objects = JSON.parse(await readFile(join(out, 'objects.json'), 'utf8')) as Record<
    string,
    { mistake?: string }[]
  >;
  const isRight = (id: string): boolean => objects[id]!.every(({ mistake }) => mistake === undefined);
  expect(ids.map(isRight)).toEqual([false, false, true, true]);
});
