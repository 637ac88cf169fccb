import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readNifti, writeNifti, type Affine } from '@interseg/nifti';
import { artifactsFromFiles, readOnnxMetadata, toOnnx } from '@interseg/onnx';
import { beforeAll, describe, expect, it } from 'vitest';
import { interseg, json, temporaryFolder, tiny } from './support.ts';

const folder = await temporaryFolder();
const data = join(folder, 'phantoms');
const run = join(folder, 'run');
/** One thread is enough for small images, and leaves the other cores to the other tests. */
const wasm = ['--engine', 'wasm', '--threads', '1'];
const metricNames = ['assd', 'dice', 'hd95', 'jaccard', 'precision', 'sensitivity'];

interface TrainDocument {
  run: string;
  stopped: string;
  epochs: number;
  bestEpoch: number;
  bestValidationDice: number;
  metrics: { cases: { id: string; classes: Record<string, Record<string, number | null>>; objects: object }[] };
  report: string;
}

const text = (...path: string[]): Promise<string> => readFile(join(run, ...path), 'utf8');

/** The rows of a history without the seconds, which no seed decides. */
async function history(folder: string): Promise<string[]> {
  const csv = await readFile(join(folder, 'history.csv'), 'utf8');
  return csv
    .trimEnd()
    .split('\n')
    .map((row) => row.slice(0, row.lastIndexOf(',')));
}

let document: TrainDocument;
let trained: Awaited<ReturnType<typeof interseg>>;

beforeAll(async () => {
  const phantoms = ['--patients', '5', '--shape', '36,40,6', '--spacing', '3,3,6', '--seed', '4'];
  await json(['data', 'phantom', '--out', data, ...phantoms, '--classes', 'lesion,cyst', '--channels', 'T1,FLAIR']);
  const command = ['train', '--data', data, '--out', run, '--no-planned', '--epochs', '3'];
  trained = await interseg([...command, ...tiny, '--json']);
  document = JSON.parse(trained.stdout || '{}') as TrainDocument;
});

describe('train', () => {
  it('ends with 0, one JSON document on stdout and the progress on stderr', () => {
    expect(trained.status, trained.stderr).toBe(0);
    expect(document).toMatchObject({ run, stopped: 'epochs', epochs: 3, report: join(run, 'report.html') });
    expect(trained.stderr).toMatch(/^engine: wasm \(.*1 thread.*\)$/m);
    expect(trained.stderr.match(/^epoch \d\/3 {2}loss [\d.]+ {2}val Dice \d\.\d{3}/gm)).toHaveLength(3);
  });

  it('leaves the files that a run promises', async () => {
    const files = await readdir(run);
    const promised = ['config.json', 'split.json', 'environment.json', 'history.csv', 'metrics.json', 'report.html'];
    expect(files).toEqual(expect.arrayContaining([...promised, 'checkpoint', 'model', 'predictions']));
    expect(await readdir(join(run, 'checkpoint'))).toEqual(['best', 'last']);
    expect(await readdir(join(run, 'model'))).toContain('model.json');
  });

  it('writes the history column by column as promised', async () => {
    const [header, ...rows] = (await text('history.csv')).trimEnd().split('\n');
    expect(header).toBe(
      'epoch,step,learning_rate,train_loss,loss_image,loss_mask,loss_intermediate,loss_reconstruction,val_loss,val_dice,seconds',
    );
    expect(rows.map((row) => row.split(',')[0])).toEqual(['1', '2', '3']);
    for (const row of rows) expect(row.split(',').map(Number).every(Number.isFinite)).toBe(true);
  });

  it('writes the metrics of the test cases of the split, and the same into its document', async () => {
    const metrics = JSON.parse(await text('metrics.json')) as TrainDocument['metrics'];
    const { test } = JSON.parse(await text('split.json')) as { test: string[] };
    expect(Object.keys(metrics)).toEqual(['variant', 'engine', 'cases', 'mean', 'objects', 'small_objects']);
    expect(metrics.cases.map(({ id }) => id)).toEqual(test);
    for (const { classes, objects } of metrics.cases) {
      expect(Object.keys(classes)).toEqual(['lesion', 'cyst']);
      expect(Object.keys(objects)).toEqual(['lesion', 'cyst']);
      for (const values of Object.values(classes)) expect(Object.keys(values).sort()).toEqual(metricNames);
    }
    expect(document.metrics).toEqual(metrics);
  });

  it('notes where and how it ran', async () => {
    const environment = JSON.parse(await text('environment.json')) as Record<string, unknown>;
    expect(environment).toMatchObject({ engine: 'wasm', device: 'cpu', threads: 1, node: process.version });
    expect(environment['commandLine']).toMatch(/^interseg train --data .* --filters 4,8 /);
    expect(environment['versions']).toMatchObject({ '@interseg/training': expect.stringMatching(/^\d/) });
    expect(JSON.parse(await text('config.json'))).toMatchObject({ size: [32, 32], filters: [4, 8], seed: 1 });
  });

  it('refuses a folder that holds a run', async () => {
    const again = await interseg(['train', '--data', data, '--out', run, ...tiny]);
    expect([again.status, again.stdout]).toEqual([2, '']);
    expect(again.stderr).toContain(run);
  });

  it('has the same history with the same seed, by way of a configuration file, and another with another', async () => {
    const config = join(run, 'config.json');
    const [same, other] = [join(folder, 'same'), join(folder, 'other')];
    await json(['train', '--config', config, '--out', same]);
    expect(await history(same)).toEqual(await history(run));
    await json([
      'train',
      '--config',
      config,
      '--out',
      other,
      '--seed',
      '2',
      '--epochs',
      '1',
      '--split',
      join(run, 'split.json'),
    ]);
    expect((await history(other))[1]).not.toBe((await history(run))[1]);
  });
});

describe('report.html', () => {
  it('is one page with curves, cases and pictures, which loads nothing', async () => {
    const report = await text('report.html');
    const { test } = JSON.parse(await text('split.json')) as { test: string[] };
    expect(report).toContain('TWI-U-Net');
    expect(report.match(/<figure class="chart">/g)!.length).toBeGreaterThanOrEqual(3);
    for (const id of test) expect(report).toMatch(new RegExp(`<h3>${id}</h3>`));
    expect(report).toMatch(/data:image\/png;base64,[\w+/]{100}/);
    expect(report).toContain('class="outline reference"');
    expect(report).not.toMatch(/https?:\/\/|<script|NaN|undefined/);
  });

  it('is written anew by interseg report', async () => {
    const before = await text('report.html');
    await rm(join(run, 'report.html'));
    expect(await json(['report', run])).toEqual({ run, report: join(run, 'report.html') });
    expect(await text('report.html')).toBe(before);
  });

  it('says why there are no pictures when the data set has gone', async () => {
    const copy = join(folder, 'copy');
    await cp(run, copy, { recursive: true });
    const configuration = JSON.parse(await text('config.json')) as Record<string, unknown>;
    await writeFile(join(copy, 'config.json'), JSON.stringify({ ...configuration, data: join(folder, 'gone') }));
    await json(['report', copy]);
    const report = await readFile(join(copy, 'report.html'), 'utf8');
    expect(report).toMatch(/The pictures are missing: [^<]*gone: no such file/);
    expect(report).not.toContain('data:image/png');
    expect(report).toContain('<figure class="chart">');
  });
});

describe('resume', () => {
  it('goes on with more epochs as if the run had never ended', async () => {
    const straight = join(folder, 'straight');
    await json(['train', '--config', join(run, 'config.json'), '--epochs', '4', '--out', straight]);
    const short = join(folder, 'short');
    await json(['train', '--config', join(run, 'config.json'), '--epochs', '2', '--out', short]);
    expect(await json(['resume', short, '--epochs', '4'])).toMatchObject({ stopped: 'epochs', epochs: 4 });
    expect(await history(short)).toEqual(await history(straight));
  });
});

describe('predict', () => {
  const input = join(folder, 'turned.nii.gz');
  const model = join(run, 'model');
  /** Axes that run to the foot, the right and the back, a little turned, as some scanners write them. */
  const affine: Affine = [
    [0.1, 2.9, 0, -20],
    [0, 0.2, -3, 40],
    [-6, 0, 0.1, 30],
    [0, 0, 0, 1],
  ];
  const shape = [6, 36, 40];
  const voxels = 6 * 36 * 40;

  beforeAll(async () => {
    const image = await readNifti(join(data, 'imagesTr', 'phantom_001.nii.gz'));
    const values = new Float32Array(2 * voxels);
    for (let channel = 0; channel < 2; channel++) {
      for (let i = 0; i < voxels; i++) {
        const [a, b, c] = [i % 6, Math.floor(i / 6) % 36, Math.floor(i / 216)];
        values[channel * voxels + i] = image.data[channel * voxels + b + 36 * (39 - c) + 1440 * (5 - a)]!;
      }
    }
    await writeNifti(input, { data: values, shape: [...shape, 2], affine });
    for (const channel of [0, 1]) {
      const part = values.slice(channel * voxels, (channel + 1) * voxels);
      await writeNifti(join(folder, `channel-${channel}.nii.gz`), { data: part, shape, affine });
    }
  });

  it('writes labels of the classes with the shape and the affine of the input', async () => {
    const output = join(folder, 'mask.nii.gz');
    const prefix = join(folder, 'probability');
    const document = await json<{ classes: { voxels: number }[]; probabilities: string[] }>([
      ...['predict', '--model', model, '--input', input, '--output', output, '--probabilities', prefix],
      ...wasm,
    ]);
    const mask = await readNifti(output);
    expect(mask.shape).toEqual(shape);
    mask.affine.forEach((row, r) => row.forEach((value, c) => expect(value).toBeCloseTo(affine[r]![c]!, 4)));
    const counts = [1, 2].map((label) => Array.from(mask.data).filter((value) => value === label).length);
    expect(document.classes.map((one) => one.voxels)).toEqual(counts);
    expect(document.probabilities).toEqual([`${prefix}_lesion.nii.gz`, `${prefix}_cyst.nii.gz`]);
    // The label is that of the most probable class, where that is probable enough.
    const [lesion, cyst] = await Promise.all(document.probabilities.map(async (file) => (await readNifti(file)).data));
    const expected = Array.from(lesion!, (p, i) => (Math.max(p, cyst![i]!) < 0.5 ? 0 : p >= cyst![i]! ? 1 : 2));
    expect([...mask.data]).toEqual(expected);
  });

  it('takes a file for each channel as well', async () => {
    const [whole, parts] = ['whole', 'parts'].map((name) => join(folder, `${name}.nii.gz`)) as [string, string];
    const start = ['predict', '--model', model, ...wasm];
    await json([...start, '--input', input, '--output', whole]);
    const inputs = [0, 1].flatMap((channel) => ['--input', join(folder, `channel-${channel}.nii.gz`)]);
    await json([...start, ...inputs, '--output', parts]);
    expect((await readNifti(parts)).data).toEqual((await readNifti(whole)).data);
  });

  it('refuses another number of channels, and to overwrite its input', async () => {
    const start = ['predict', '--model', model, ...wasm];
    const one = join(folder, 'channel-0.nii.gz');
    const wrong = await interseg([...start, '--input', one, '--output', join(folder, 'x.nii.gz')]);
    expect([wrong.status, wrong.stdout]).toEqual([2, '']);
    expect(wrong.stderr).toContain(one);
    const same = await interseg([...start, '--input', input, '--output', input]);
    expect([same.status, same.stdout]).toEqual([2, '']);
    expect(same.stderr).toMatch(/--output: found .* which is the input/);
  });
});

describe('predict on a folder', () => {
  it('segments every image with several models, and only what is new', async () => {
    const [images, masks] = [join(folder, 'images'), join(folder, 'masks')];
    await mkdir(images);
    for (const id of ['phantom_001', 'phantom_002']) {
      await cp(join(data, 'imagesTr', `${id}.nii.gz`), join(images, `${id}.nii.gz`));
    }
    const model = join(run, 'model');
    const commandLine = ['predict', '--model', model, '--model', model, '--input', images, '--output', masks];
    const options = ['--flips', '--tile', '0.5', '--largest-component', '--probabilities', join(folder, 'each')];
    type Document = { cases: { output: string; probabilities: string[] }[]; skipped: string[] };
    const first = await json<Document>([...commandLine, ...options, ...wasm]);
    expect(first.cases.map(({ output }) => output)).toEqual(
      ['phantom_001', 'phantom_002'].map((id) => join(masks, `${id}.nii.gz`)),
    );
    expect(first.cases[1]!.probabilities).toContain(join(folder, 'each', 'phantom_002_cyst.nii.gz'));
    expect((await readNifti(first.cases[0]!.output)).shape).toEqual([36, 40, 6]);
    await rm(join(masks, 'phantom_001.nii.gz'));
    const second = await json<Document>([...commandLine, ...wasm]);
    expect([second.cases.length, second.skipped]).toEqual([1, [join(masks, 'phantom_002.nii.gz')]]);
    expect((await json<Document>([...commandLine, ...wasm, '--force'])).cases).toHaveLength(2);
  });

  it('keeps what threshold and smallest object say', async () => {
    const input = join(data, 'imagesTr', 'phantom_001.nii.gz');
    type Document = { classes: { millilitres: number }[] };
    const volume = async (...flags: string[]): Promise<number> => {
      const output = join(folder, 'threshold.nii');
      const commandLine = ['predict', '--model', join(run, 'model'), '--input', input, '--output', output];
      const { classes } = await json<Document>([...commandLine, ...wasm, ...flags]);
      return classes.reduce((sum, { millilitres }) => sum + millilitres, 0);
    };
    const all = await volume('--threshold', '0.001');
    expect(all).toBeGreaterThan(0);
    expect(await volume('--threshold', '0.999')).toBeLessThan(all);
    expect(await volume('--threshold', '0.001', '--smallest-object', '1e9')).toBe(0);
    const wrong = await interseg([
      'predict',
      '--model',
      'm',
      '--input',
      'a.nii',
      '--output',
      'b.nii',
      '--threshold',
      '1',
    ]);
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringMatching(/--threshold.*above 0 and below 1/)]);
  });

  it('of the same model twice is that of the model', async () => {
    const input = join(data, 'imagesTr', 'phantom_001.nii.gz');
    const outputs = [join(folder, 'once.nii'), join(folder, 'twice.nii')] as const;
    const model = ['--model', join(run, 'model')];
    await json(['predict', ...model, '--input', input, '--output', outputs[0], ...wasm]);
    await json(['predict', ...model, ...model, '--input', input, '--output', outputs[1], ...wasm]);
    const [once, twice] = await Promise.all(outputs.map((path) => readFile(path)));
    expect(once!.equals(twice!)).toBe(true);
  });
});

describe('evaluate', () => {
  it('gives a test case the metrics that the run gave it', async () => {
    const [{ id, classes }] = document.metrics.cases as [TrainDocument['metrics']['cases'][number]];
    const prediction = join(run, 'predictions', `${id}.nii.gz`);
    const reference = join(data, 'labelsTr', `${id}.nii.gz`);
    const evaluation = await json<{ classes: Record<string, Record<string, number | null>> }>([
      ...['evaluate', '--prediction', prediction, '--reference', reference, '--labels', '1=lesion,2=cyst'],
    ]);
    for (const name of ['lesion', 'cyst']) expect(evaluation.classes[name]).toMatchObject(classes[name]!);
  });

  it('finds the labels itself, and nothing but agreement between a map and itself', async () => {
    const reference = join(data, 'labelsTr', 'phantom_001.nii.gz');
    const { classes } = await json<{ classes: Record<string, Record<string, unknown>> }>([
      ...['evaluate', '--prediction', reference, '--reference', reference],
    ]);
    const perfect = { dice: 1, jaccard: 1, sensitivity: 1, precision: 1, hd95: 0, assd: 0, empty: 'none' };
    const objects = {
      reference: expect.any(Number),
      found: expect.any(Number),
      missed: 0,
      predicted: expect.any(Number),
      false: 0,
    };
    expect(classes).toEqual({ 1: { label: 1, ...perfect, objects }, 2: { label: 2, ...perfect, objects } });
  });

  it('counts missed and false objects, class by class and in total', async () => {
    const [a, b] = ['predicted', 'expected'].map((name) => join(folder, `${name}.nii`)) as [string, string];
    const affine: Affine = [
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 1],
    ];
    // Along a line: class 1 has one object found and one missed; class 2 one found by two predicted pieces, and two false.
    const expected = Uint8Array.of(1, 1, 0, 0, 1, 0, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0);
    const predicted = Uint8Array.of(0, 1, 0, 0, 0, 0, 2, 0, 0, 2, 2, 0, 2, 0, 2, 2);
    await writeNifti(a, { data: predicted, shape: [16, 1, 1], affine });
    await writeNifti(b, { data: expected, shape: [16, 1, 1], affine });
    const commandLine = ['evaluate', '--prediction', a, '--reference', b];
    const { classes, objects } = await json<{ classes: Record<string, Record<string, unknown>>; objects: object }>(
      commandLine,
    );
    expect(classes['1']!['objects']).toEqual({ reference: 2, found: 1, missed: 1, predicted: 1, false: 0 });
    expect(classes['2']!['objects']).toEqual({ reference: 1, found: 1, missed: 0, predicted: 4, false: 2 });
    expect(objects).toEqual({ reference: 3, found: 2, missed: 1, predicted: 5, false: 2 });
    const { stdout } = await interseg(commandLine);
    expect(stdout).toMatch(/HD95 mm +ASSD mm +Objects +Missed +False\n/);
    expect(stdout).toMatch(/^mean, total .* 3 +1 +2$/m);
  });

  it('refuses maps on different grids', async () => {
    await mkdir(join(folder, 'grids'), { recursive: true });
    const [a, b] = ['a', 'b'].map((name) => join(folder, 'grids', `${name}.nii`)) as [string, string];
    const affine = (x: number): Affine => [
      [1, 0, 0, x],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 1],
    ];
    await writeNifti(a, { data: new Uint8Array(8), shape: [2, 2, 2], affine: affine(0) });
    await writeNifti(b, { data: new Uint8Array(8), shape: [2, 2, 2], affine: affine(1) });
    const shifted = await interseg(['evaluate', '--prediction', a, '--reference', b]);
    expect([shifted.status, shifted.stdout]).toEqual([2, '']);
    expect(shifted.stderr).toContain(`${a}: its grid lies up to 1 mm from that of ${b}`);
  });
});

describe('data inspect', () => {
  it('lists the cases', async () => {
    const report = await json<{ cases: { id: string; shape: number[] }[]; problems: string[] }>([
      'data',
      'inspect',
      data,
    ]);
    expect(report.cases.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5].map((n) => `phantom_00${n}`));
    expect(report.cases[0]!.shape).toEqual([36, 40, 6]);
    expect((await interseg(['data', 'inspect', data])).stdout).toMatch(/^phantom_003 .* 36×40×6 +3×3×6 +RAS /m);
  });
});

describe('export', () => {
  it('writes the weights of the best epoch as the run did, and refuses what is no run', async () => {
    const out = join(folder, 'exported');
    const exported = await json<{ epoch: number }>(['export', run, '--out', out]);
    expect(exported.epoch).toBe(document.bestEpoch);
    const weights = (path: string): Promise<Buffer> => readFile(join(path, 'weights.bin'));
    expect(await weights(out)).toEqual(await weights(join(run, 'model')));
    const refused = await interseg(['export', data, '--out', join(folder, 'nothing')]);
    expect([refused.status, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toContain('config.json');
  });

  it('writes ONNX with the description of the model, the same from the run and from a model folder', async () => {
    const [plain, out] = [join(folder, 'plain'), join(folder, 'exported.onnx')];
    await json(['export', run, '--out', plain]);
    await json(['export', run, '--out', out, '--format', 'onnx', '--layout', 'nhwc']);
    const [model, weights] = await Promise.all(
      ['model.json', 'weights.bin'].map((name) => readFile(join(plain, name))),
    );
    const written = new Uint8Array(await readFile(out));
    expect(written).toEqual(toOnnx(artifactsFromFiles(String(model), weights!), { layout: 'nhwc' }));
    const metadata = readOnnxMetadata(written);
    const { userDefinedMetadata } = JSON.parse(String(model)) as { userDefinedMetadata: { interseg: unknown } };
    expect(JSON.parse(metadata['interseg.description']!)).toEqual(userDefinedMetadata.interseg);
    expect(metadata['interseg.layout']).toBe('nhwc');
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    const refused = await interseg(['export', run, '--out', join(folder, 'no.onnx'), '--layout', 'nhwc']);
    expect([refused.status, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toContain('--layout: found nhwc with --format tfjs');
  });
});
