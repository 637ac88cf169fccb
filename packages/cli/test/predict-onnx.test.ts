import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generatePhantoms } from '@interseg/data';
import { onnxMetadataKeys, readOnnxMetadata } from '@interseg/onnx';
import { beforeAll, expect, it } from 'vitest';
import { interseg, intersegHere, json, temporaryFolder, tiny } from './support.ts';

const folder = await temporaryFolder();
const [data, run, file] = ['phantoms', 'run', 'model.onnx'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];
const image = join(data, 'imagesTr', 'phantom_001.nii.gz');
const mask = (name: string): string => join(folder, `${name}.nii`);

beforeAll(async () => {
  await generatePhantoms(data, { patients: 4, shape: [40, 40, 4], spacing: [2, 2, 8] });
  const options = ['--variant', 'twi-unet', '--epochs', '2', ...tiny];
  const trained = await interseg(['train', '--data', data, '--out', run, ...options]);
  expect(trained.status, trained.stderr).toBe(0);
  await json(['export', run, '--out', file, '--format', 'onnx']);
});

interface Predicted {
  engine: string;
  model: unknown;
  classes: { name: string; voxels: number }[];
}

const predict = (model: string, name: string, ...options: string[]) =>
  json<Predicted>(['predict', '--model', model, '--input', image, '--output', mask(name), ...options]);

it.each([
  ['tiles and mirror images', ['--tile', '0.5', '--flips']],
  ['together with a model of TensorFlow.js', ['--model', run]],
])('a file of ONNX gives the mask of its run, byte for byte: %s', async (_, options) => {
  const name = `mask${options.length}`;
  const usual = await predict(run, `${name}-tfjs`, '--engine', 'wasm', '--threshold', '0.3', ...options);
  const found = await predict(file, `${name}-onnx`, '--threads', '1', '--threshold', '0.3', ...options);
  expect(usual.engine).toBe('wasm');
  expect(found.engine).toContain('onnxruntime-');
  expect(found.classes).toEqual(usual.classes);
  expect(found.classes[0]!.voxels).toBeGreaterThan(0);
  expect(await readFile(mask(`${name}-onnx`))).toEqual(await readFile(mask(`${name}-tfjs`)));
});

it('a folder of images is segmented with a file of ONNX, too', async () => {
  const output = join(folder, 'masks');
  const { cases } = await json<{ cases: unknown[] }>([
    ...['predict', '--model', file, '--input', join(data, 'imagesTr'), '--output', output],
  ]);
  expect(cases).toHaveLength(4);
});

it('a description takes the place of the one in the file', async () => {
  const description = JSON.parse(readOnnxMetadata(await readFile(file))[onnxMetadataKeys.description]!) as object;
  const own = join(folder, 'description.json');
  const classes = [{ name: 'spot', values: [7] }];
  await writeFile(
    own,
    JSON.stringify({ ...description, classes, network: { layout: 'nchw', output: 'segmentation' } }),
  );
  const { classes: found } = await predict(file, 'described', '--description', own);
  expect(found.map(({ name }) => name)).toEqual(['spot']);

  const attempt = async (content: object): Promise<string> => {
    await writeFile(own, JSON.stringify(content));
    const output = mask('refused');
    const flags = ['--model', file, '--input', image, '--output', output, '--description', own];
    const { status, stderr } = await intersegHere('predict', ...flags);
    expect(status).toBe(2);
    return stderr.trim().split('\n').at(-1)!;
  };
  const sizes = await attempt({ ...description, slices: { size: [31, 32] } });
  expect(sizes).toBe(
    `error: ${file}: found slices of 31 × 32, expected multiples of 2, which the network's poolings need.`,
  );
  const channels = await attempt({ ...description, channels: ['T1', 'T2'] });
  expect(channels).toContain('input image: found the shape [any, 1, any, any], expected [any, 2, 32, 32] (nchw).');
  expect(await attempt({ classes })).toMatch(/^error: .*description\.json: found channels that is not as in a model/);
  expect(await attempt({ ...description, network: { layout: 'chwn' } })).toContain(
    'description.json: found network.layout that is not as it should be',
  );
});

it('says in one sentence what is wrong with a file or with the options', async () => {
  const broken = join(folder, 'broken.onnx');
  await writeFile(broken, (await readFile(file)).subarray(0, 2000));
  const attempt = async (...options: string[]): Promise<[number | null, string]> => {
    const { status, stderr } = await intersegHere('predict', '--input', image, '--output', mask('none'), ...options);
    return [status, stderr.trim().split('\n').at(-1)!];
  };
  expect(await attempt('--model', broken)).toEqual([
    2,
    `error: ${broken}: found 2000 bytes that are not ONNX (cut off within a field), expected the content of a file of ONNX.`,
  ]);
  expect(await attempt('--model', join(folder, 'none.onnx'))).toEqual([
    2,
    expect.stringContaining('none.onnx: no such'),
  ]);
  expect(await attempt('--model', run, '--description', 'x.json')).toEqual([
    2,
    'error: --description: found x.json without a model of ONNX, expected one that it describes.',
  ]);
  expect(await attempt('--model', file, '--engine', 'wasm')).toEqual([
    2,
    'error: --engine: found wasm with models of ONNX only, expected none, as onnxruntime computes them.',
  ]);
});

it('names the command that installs onnxruntime where there is none', async () => {
  const { status, stderr } = await interseg(['predict', '--model', file, '--input', image, '--output', mask('none')], {
    cwd: folder,
    env: { NODE_OPTIONS: `--import=${new URL('./without-onnxruntime.mjs', import.meta.url).href}` },
  });
  expect([status, stderr]).toEqual([
    2,
    "error: A model of ONNX needs onnxruntime: found none, expected it to be installed with 'npm install onnxruntime-node'.\n",
  ]);
});
