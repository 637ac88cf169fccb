import { access, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generatePhantoms } from '@interseg/data';
import { readNifti, writeNifti } from '@interseg/nifti';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { interseg, intersegHere, temporaryFolder, tiny, type Ended } from './support.ts';

const folder = await temporaryFolder();
const good = join(folder, 'good');

beforeAll(() => generatePhantoms(good, { patients: 4, shape: [24, 24, 4], spacing: [4, 4, 8] }));

/** A copy of the good data set, for spoiling. */
async function copyOf(name: string): Promise<string> {
  const copy = join(folder, name);
  await cp(good, copy, { recursive: true });
  return copy;
}

/** Expects exit status 2, one sentence on stderr (behind what the engine and the progress say) and nothing on stdout. */
async function refusal(...commandLine: string[]): Promise<string> {
  return sentenceOf(await interseg(commandLine));
}

function sentenceOf({ status, stdout, stderr }: Ended): string {
  expect([status, stdout], stderr).toEqual([2, '']);
  const errors = stderr.split('\n').filter((line) => line.startsWith('error: '));
  expect(errors).toHaveLength(1);
  expect(stderr.trimEnd().split('\n').at(-1)).toBe(errors[0]);
  expect(stderr).not.toMatch(/^ +at /m);
  return errors[0]!;
}

const train = (data: string, ...others: string[]): string[] => {
  return ['train', '--data', data, '--out', join(folder, 'run'), '--epochs', '1', ...tiny, ...others];
};

describe('train refuses', () => {
  it('a missing folder', async () => {
    expect(await refusal(...train(join(folder, 'none')))).toContain(`${join(folder, 'none')}: no such file`);
  });

  it('images that are not NIfTI, and takes them once they have been put right', async () => {
    const data = await copyOf('mended');
    for (const number of [1, 2, 3, 4]) await writeFile(join(data, 'imagesTr', `phantom_00${number}.nii.gz`), 'text');
    const commandLine = train(data, '--out', join(folder, 'mended-run'));
    expect(await refusal(...commandLine)).toMatch(/mended\/imagesTr\/phantom_00\d\.nii\.gz: /);
    await expect(access(join(folder, 'mended-run'))).rejects.toThrow('ENOENT');
    await cp(join(good, 'imagesTr'), join(data, 'imagesTr'), { recursive: true });
    expect((await interseg(commandLine)).status).toBe(0);
  });

  it('a broken dataset.json', async () => {
    const data = await copyOf('broken');
    await writeFile(join(data, 'dataset.json'), '{"name": ');
    expect(await refusal(...train(data))).toContain(`${join(data, 'dataset.json')}: broken JSON`);
  });

  it('a label outside the list', async () => {
    const data = await copyOf('labels');
    const path = join(data, 'dataset.json');
    const description = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    await writeFile(path, JSON.stringify({ ...description, labels: { 0: 'background', 7: 'lesion' } }));
    expect(await refusal(...train(data))).toMatch(/labelsTr\/phantom_00\d\.nii\.gz: found the label 1 .*7 \(lesion\)/);
  });

  it('a label map of another shape than its image', async () => {
    const data = await copyOf('shapes');
    for (const number of [1, 2, 3, 4]) {
      const path = join(data, 'labelsTr', `phantom_00${number}.nii.gz`);
      const { affine } = await readNifti(path);
      await writeNifti(path, { data: new Uint8Array(24 * 24 * 3), shape: [24, 24, 3], affine });
    }
    expect(await refusal(...train(data))).toMatch(/labelsTr\/phantom_00\d.*24 × 24 × 3 voxels.*imagesTr\/phantom_00\d/);
  });

  it('a size that is not divisible, before anything is written', async () => {
    const out = join(folder, 'undivided');
    const commandLine = ['train', '--data', good, '--out', out, '--no-planned', '--size', '100x96'];
    expect(await refusal(...commandLine)).toMatch(/--size: found 100x96, .*divisible by 16/);
    await expect(access(out)).rejects.toThrow('ENOENT');
  });

  it('an unknown option, with the nearest', async () => {
    expect(await refusal(...train(good, '--epoch', '3'))).toMatch(/unknown option '--epoch'.*Did you mean --epochs\?/);
  });

  it('an unknown key of the configuration file, with the nearest', async () => {
    const path = join(folder, 'run.yaml');
    await writeFile(path, 'learnig_rate: 0.1\n');
    expect(await refusal(...train(good, '--config', path))).toContain(
      `${path}: unknown option 'learnig_rate'; did you mean 'learningRate'?`,
    );
  });

  it('values out of range and unknown variants', async () => {
    expect(await refusal(...train(good, '--batch', '0'))).toContain("--batch: found '0', expected a whole number");
    expect(await refusal(...train(good, '--variant', 'resnet'))).toContain(
      "--variant: found 'resnet', expected one of",
    );
  });

  // Each is known before a slice is read; a library would refuse some of them only in the first step.
  it.each([
    ['no term of the loss that counts', ['--variant', 'unet', '--alpha', '0'], /no term of a weight above 0 \(alpha\)/],
    [
      'a warm-up of the only term that counts',
      ['--variant', 'inter-unet', '--alpha', '0', '--gamma', '0', '--lambda-warm-up', '3'],
      /lambdaWarmUp is 3, expected 0/,
    ],
    [
      'a loss of the frozen mask path alone',
      ['--variant', 'ae-unet', '--alpha', '0', '--lambda', '0', '--mask-path', 'pretrained'],
      /maskPath is 'pretrained', expected a weight above 0/,
    ],
    [
      'a frozen mask path without weights of its own',
      ['--variant', 'twi-unet', '--mask-path', 'pretrained'],
      /twi-unet has no mask path with weights of its own/,
    ],
    [
      'weights for other levels than there are',
      ['--variant', 'inter-unet', '--omega', '1,1,1'],
      /omega has 3 weights, expected \d: one for each level/,
    ],
    [
      'groups that do not divide the filters',
      ['--normalization', 'group', '--groups', '3'],
      /groups is 3, which does not divide/,
    ],
    ['parts that are not a whole', ['--fractions', '0.5,0.1,0.1'], /0\.5, 0\.1, 0\.1/],
    ['no patient for training', ['--fractions', '0,0.5,0.5'], /training/],
    ['more threads than a process can have', ['--threads', '10000'], /threads is 10000, expected/],
    [
      'bf16 on an engine without it',
      ['--engine', 'wasm', '--precision', 'bf16'],
      /wasm engine: it computes in float32; for bf16 use native/,
    ],
  ])('%s', async (_, options, expected) => {
    const out = join(folder, 'refused');
    const { status, stdout, stderr } = await interseg(train(good, ...options, '--out', out));
    expect(sentenceOf({ status, stdout, stderr })).toMatch(expected);
    expect(stderr).not.toContain('reading ');
    await expect(access(out)).rejects.toThrow('ENOENT');
  });

  it('an engine that cannot run', async () => {
    // A cache without any build, whatever this machine has.
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'empty-cache'));
    try {
      expect(await refusal(...train(good, '--engine', 'native'))).toMatch(/native engine: .*interseg engine install/);
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

it('compare refuses an entry that cannot be trained before it trains the first', async () => {
  const out = join(folder, 'compared');
  const variants = 'unet,twi-unet+alpha=0+gamma=0+lambda=0+beta=0';
  const commandLine = [
    'compare',
    '--data',
    good,
    '--variants',
    variants,
    '--seeds',
    '1',
    '--out',
    out,
    '--epochs',
    '1',
  ];
  expect(await refusal(...commandLine, ...tiny)).toMatch(/no term of a weight above 0 \(alpha, gamma, lambda, beta\)/);
  await expect(access(out)).rejects.toThrow('ENOENT');
});

it.each([
  [['resume', 'nowhere'], /nowhere.*config\.json/],
  [['report', 'nowhere'], /nowhere.*config\.json/],
  [
    ['predict', '--model', 'nowhere', '--input', 'a.nii', '--output', 'b.nii', '--engine', 'wasm'],
    /nowhere.*model\.json/,
  ],
  [['predict', '--model', 'nowhere', '--input', 'a.nii', '--output', 'b.png'], /--output: found 'b\.png'/],
  [['evaluate', '--prediction', 'a.nii', '--reference', 'b.nii'], /a\.nii: no such file/],
  [['evaluate', '--prediction', 'a.nii', '--reference', 'b.nii', '--labels', 'liver'], /--labels: found 'liver'/],
  [['data', 'inspect', 'nowhere'], /nowhere: no such file/],
  [['data', 'phantom', '--out', 'x', '--bias-field', '3'], /--bias-field: found '3', expected a number of at least 0/],
  [['predict', '--input', 'a.nii', '--output', 'b.nii'], /required option '--model/],
  [['tran'], /unknown command 'tran'.*Did you mean train\?/],
])('refuses %j', async (commandLine, expected) => {
  expect(sentenceOf(await intersegHere(...commandLine))).toMatch(expected);
});

it('data inspect reports a case that cannot be used, and ends with 1', async () => {
  const data = await copyOf('inspected');
  await mkdir(data, { recursive: true });
  await writeFile(join(data, 'imagesTr', 'phantom_002.nii.gz'), 'text');
  const { status, stdout } = await interseg(['data', 'inspect', data]);
  expect(status).toBe(1);
  expect(stdout).toMatch(/^phantom_001 .*24×24×4/m);
  expect(stdout).toMatch(/^phantom_002 +phantom_002 +– /m);
  expect(stdout).toMatch(/^Problems:\n- .*phantom_002\.nii\.gz: /m);
});

it('shows the stack trace with --debug', async () => {
  const { status, stderr } = await interseg(['report', 'nowhere', '--debug']);
  expect(status).toBe(2);
  expect(stderr).toMatch(/^error: [^\n]*\nDataError: [^]*^ +at /m);
});
