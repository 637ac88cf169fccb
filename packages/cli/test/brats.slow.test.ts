import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRandom } from '@interseg/data';
import { readNifti, writeNifti, type Affine } from '@interseg/nifti';
import { beforeAll, describe, expect, it } from 'vitest';
import { interseg, json, temporaryFolder } from './support.ts';

/** Heads in the layout of BraTS 2019, whose three nested regions each show in one of the sequences. */
const folder = await temporaryFolder();
const data = join(folder, 'brats');
const run = join(folder, 'run');
const shape = [32, 32, 4] as const;
const voxels = 32 * 32 * 4;
/** As BraTS has it: axes to the left, the back and the head. */
const affine: Affine = [
  [-1, 0, 0, 0],
  [0, -1, 0, 239],
  [0, 0, 1, 0],
  [0, 0, 0, 1],
];
const sequences = ['t1', 't1ce', 't2', 'flair'];
const regions = { 'whole tumour': [1, 2, 4], 'tumour core': [1, 4], 'enhancing tumour': [4] };

async function writeCase(path: string, id: string, extension: string): Promise<void> {
  const random = createRandom(id);
  const center = [random.uniform(12, 20), random.uniform(12, 20)];
  const labels = Uint8Array.from({ length: voxels }, (_, index) => {
    const distance = Math.hypot((index % 32) - center[0]!, (Math.floor(index / 32) % 32) - center[1]!);
    return distance > 9 ? 0 : distance > 6 ? 2 : distance > 3 ? 1 : 4;
  });
  // t1 shows the head alone, flair the whole tumour, t2 the core, t1ce what enhances.
  const shown: Record<string, readonly number[]> = { t1: [], flair: [1, 2, 4], t2: [1, 4], t1ce: [4] };
  await mkdir(join(path, id), { recursive: true });
  for (const name of sequences) {
    const values = Int16Array.from(labels, (label) => (shown[name]!.includes(label) ? 900 : 300) + random.integer(60));
    await writeNifti(join(path, id, `${id}_${name}${extension}`), { data: values, shape, affine });
  }
  await writeNifti(join(path, id, `${id}_seg${extension}`), { data: labels, shape, affine }, { labels: true });
}

interface Metrics {
  cases: { id: string; classes: Record<string, Record<string, number | null>> }[];
  mean: { classes: Record<string, { dice: number }> };
}

let metrics: Metrics;

beforeAll(async () => {
  for (const number of [1, 2, 3, 4, 5]) {
    const isHigh = number <= 3;
    const id = `BraTS19_CBICA_AA${number}_1`;
    await writeCase(join(data, isHigh ? 'HGG' : 'LGG'), id, isHigh ? '.nii.gz' : '.nii');
  }
  const network = ['--variant', 'unet', '--filters', '8,16', '--size', '32', '--learning-rate', '0.02'];
  const effort = ['--epochs', '12', '--batch', '4', '--engine', 'wasm', '--threads', '1'];
  await json(['train', '--no-planned', '--data', data, '--out', run, ...network, ...effort]);
  metrics = JSON.parse(await readFile(join(run, 'metrics.json'), 'utf8')) as Metrics;
});

describe('a run on the layout of BraTS', () => {
  it('learns the three regions, and writes label maps from which they come out again', async () => {
    expect(Object.keys(metrics.mean.classes)).toEqual(Object.keys(regions));
    // Each region is bright in a sequence of its own: a network that is fed the right channels and masks finds it.
    for (const { dice } of Object.values(metrics.mean.classes)) expect(dice).toBeGreaterThan(0.8);
    const [{ id }] = metrics.cases as [Metrics['cases'][number]];
    const written = await readNifti(join(run, 'predictions', `${id}.nii.gz`));
    expect([...new Set(written.data)].sort()).toEqual([0, 1, 2, 4]);
  });

  it('is predicted from a folder of a case as from its four files, with the values of the innermost regions', async () => {
    const [{ id }] = metrics.cases as [Metrics['cases'][number]];
    const grade = /AA[123]/.test(id) ? 'HGG' : 'LGG';
    const path = join(data, grade, id);
    const start = ['predict', '--model', join(run, 'model'), '--engine', 'wasm', '--threads', '1'];
    const [whole, parts] = ['whole', 'parts'].map((name) => join(folder, `${name}.nii.gz`)) as [string, string];
    const prefix = join(folder, 'p');
    const { classes, probabilities } = await json<{ classes: { voxels: number }[]; probabilities: string[] }>([
      ...[...start, '--input', path, '--output', whole, '--probabilities', prefix],
    ]);
    const extension = grade === 'HGG' ? '.nii.gz' : '.nii';
    const files = sequences.map((name) => join(path, `${id}_${name}${extension}`));
    await json([...start, ...files.flatMap((file) => ['--input', file]), '--output', parts]);
    const mask = await readNifti(whole);
    expect((await readNifti(parts)).data).toEqual(mask.data);
    expect((await readNifti(join(run, 'predictions', `${id}.nii.gz`))).data).toEqual(mask.data);
    expect(mask.affine).toEqual(affine);

    const volumes = await Promise.all(probabilities.map(async (file) => (await readNifti(file)).data));
    let nested = 0;
    mask.data.forEach((label, voxel) => {
      const [isWhole, isCore, isEnhancing] = volumes.map((volume) => volume[voxel]! >= 0.5);
      // Where the regions contradict each other the more certain ones decide, which is tested with the label map itself.
      if ((isEnhancing && !isCore) || (isCore && !isWhole)) return;
      nested++;
      expect(label).toBe(isEnhancing ? 4 : isCore ? 1 : isWhole ? 2 : 0);
    });
    expect(nested).toBeGreaterThan(0.9 * voxels);
    const counts = Object.values(regions).map((values) => mask.data.filter((v) => values.includes(v)).length);
    expect(classes.map((one) => one.voxels)).toEqual(counts);
  });

  it('refuses sequences in another order, and a folder that lacks one', async () => {
    const path = join(data, 'LGG', 'BraTS19_CBICA_AA4_1');
    const start = ['predict', '--model', join(run, 'model'), '--engine', 'wasm', '--output', join(folder, 'x.nii')];
    const files = [...sequences].reverse().map((name) => join(path, `BraTS19_CBICA_AA4_1_${name}.nii`));
    const turned = await interseg([...start, ...files.flatMap((file) => ['--input', file])]);
    expect([turned.status, turned.stdout]).toEqual([2, '']);
    expect(turned.stderr).toMatch(
      /--input: found .*_flair\.nii in place of t1, expected the files in the order t1, t1ce/,
    );
    const lacking = join(folder, 'lacking');
    await mkdir(lacking);
    for (const file of files.slice(1)) await cp(file, join(lacking, file.slice(path.length + 1)));
    const missing = await interseg([...start, '--input', lacking]);
    expect([missing.status, missing.stdout]).toEqual([2, '']);
    expect(missing.stderr).toMatch(/lacking: no file for the channel flair/);
  });

  it('is evaluated by regions as the run was', async () => {
    const [{ id, classes }] = metrics.cases as [Metrics['cases'][number]];
    const grade = /AA[123]/.test(id) ? 'HGG' : 'LGG';
    const reference = join(data, grade, id, `${id}_seg.nii${grade === 'HGG' ? '.gz' : ''}`);
    const start = ['evaluate', '--prediction', join(run, 'predictions', `${id}.nii.gz`), '--reference', reference];
    const labels = Object.entries(regions).map(([name, values]) => `${values.join('+')}=${name}`);
    const evaluation = await json<{ classes: Record<string, Record<string, unknown>> }>([
      ...[...start, '--labels', labels.join(',')],
    ]);
    for (const [name, values] of Object.entries(classes)) expect(evaluation.classes[name]).toMatchObject(values);
    expect(evaluation.classes['whole tumour']).toMatchObject({ labels: [1, 2, 4] });
    expect(evaluation.classes['enhancing tumour']).toMatchObject({ label: 4 });
    const text = await interseg([...start, '--labels', labels.join(',')]);
    expect(text.stdout).toMatch(/^tumour core +1\+4 /m);
    const wrong = await interseg([...start, '--labels', '1+0=x']);
    expect([wrong.status, wrong.stdout]).toEqual([2, '']);
    expect(wrong.stderr).toMatch(/--labels: found '1\+0=x', expected a label above 0/);
  });

  it('can be about some of the regions, and says which there are when one is unknown', async () => {
    const core = join(folder, 'core');
    const start = [
      'train',
      '--no-planned',
      '--data',
      data,
      '--preset',
      'brats2019',
      '--variant',
      'unet',
      '--filters',
      '4,8,16',
    ];
    const rest = ['--size', '32', '--epochs', '1', '--engine', 'wasm', '--threads', '1'];
    await json([...start, ...rest, '--classes', 'tumour core', '--split', join(run, 'split.json'), '--out', core]);
    const { mean } = JSON.parse(await readFile(join(core, 'metrics.json'), 'utf8')) as Metrics;
    expect(Object.keys(mean.classes)).toEqual(['tumour core']);
    const configuration = JSON.parse(await readFile(join(core, 'config.json'), 'utf8')) as Record<string, unknown>;
    expect(configuration).toMatchObject({ preset: 'brats2019', classes: ['tumour core'], size: [32, 32] });
    expect(await readFile(join(core, 'report.html'), 'utf8')).toContain('class="outline reference"');
    const wrong = await interseg([...start, '--preset', 'spleen', ...rest, '--out', join(folder, 'none')]);
    expect([wrong.status, wrong.stdout]).toEqual([2, '']);
    expect(wrong.stderr).toContain('has "spleen" which is no class of it, expected some of whole tumour, tumour core');
  });
});
