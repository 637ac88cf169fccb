import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generatePhantoms } from '@interseg/data';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readConfigurationFile } from '../src/options/configuration-file.ts';
import { runOptions } from '../src/options/run-options.ts';
import { interseg, intersegHere, temporaryFolder, tiny } from './support.ts';

const folder = await temporaryFolder();
const data = join(folder, 'phantoms');

beforeAll(async () => {
  await generatePhantoms(data, {
    patients: 6,
    shape: [32, 32, 6],
    spacing: [5, 5, 10],
    objects: { count: [1, 1], radius: [12, 20] },
  });
});

describe('plan', () => {
  it('prints what the data are like and a configuration that can be used as it is', async () => {
    const { status, stdout, stderr } = await intersegHere('plan', data, '--batch', '4');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^# 5 cases of 5 patients for training and validation; MR: T1\n# slices of 32 × 32 pixels of 5 mm/,
    );
    expect(stdout).toMatch(/^# The median slice of 32 × 32 pixels is shown whole.*\nsize: \[32, 32\]$/m);
    expect(parse(stdout)).toMatchObject({ data, batch: 4, variant: 'unet', backgroundSlices: 1 });
  });

  it('writes the same for --config, as YAML or JSON with comments, and not over a file', async () => {
    const files = ['plan.yaml', 'plan.jsonc'].map((name) => join(folder, name));
    for (const file of files) expect((await intersegHere('plan', data, '--output', file)).status).toBe(0);
    expect(await readFile(files[1]!, 'utf8')).toMatch(/^\/\/ 5 cases/);
    const [yaml, jsonc] = await Promise.all(files.map((file) => readConfigurationFile(file, runOptions)));
    expect(jsonc).toEqual(yaml);
    expect(yaml).toMatchObject({ data, size: [32, 32] });
    const { status, stderr } = await intersegHere('plan', data, '--output', files[0]!);
    expect([status, stderr]).toEqual([2, expect.stringContaining('expected the name of a new file')]);
    expect((await intersegHere('plan', data, '--output', files[0]!, '--force')).status).toBe(0);
  });

  it('refuses what it cannot use', async () => {
    const refusal = async (...more: string[]) => (await intersegHere('plan', data, ...more)).stderr;
    expect(await refusal('--output', 'plan.json')).toMatch(/ends in \.yaml, \.yml or \.jsonc/);
    expect(await refusal('--memory', '0')).toMatch(/Expected a number above 0/);
    expect(await refusal('--variant', 'unetx')).toMatch(/did you mean unet/);
    expect(await refusal('--size', '30', '--filters', '4,8,16')).toMatch(/--size: found 30x30/);
  });

  it('is part of train, which keeps what it is given, unless there is a preset', async () => {
    const run = join(folder, 'run');
    const { status, stderr } = await interseg(['train', '--data', data, '--minutes', '0.05', ...tiny, '--out', run]);
    expect([status, stderr]).toEqual([0, expect.any(String)]);
    const configuration = JSON.parse(await readFile(join(run, 'config.json'), 'utf8'));
    expect(configuration).toMatchObject({ filters: [4, 8], variant: 'unet', backgroundSlices: 1 });
    const { options } = JSON.parse(await readFile(join(run, 'plan.json'), 'utf8'));
    expect(options).toContainEqual(expect.objectContaining({ option: 'epochs', value: configuration.epochs }));
    const refusal = async (...more: string[]) => {
      const { status: code, stderr: text } = await intersegHere(
        ...['train', '--data', data, '--minutes', '1', '--out', join(folder, 'other'), ...more],
      );
      return `${code} ${text}`;
    };
    expect(await refusal('--no-planned')).toMatch(/^2 .*--minutes: found with --no-planned, expected a planned/s);
    expect(await refusal('--preset', 'paper')).toMatch(/^2 .*--minutes: found with --preset, expected a planned/s);
  });
});

it('a configuration of JSON with comments may end in a comma, and says where it is broken', async () => {
  const file = join(folder, 'run.jsonc');
  await writeFile(file, '{\n  // Few.\n  "epochs": 3, /* and */ "size": [64, 96],\n}\n');
  expect(await readConfigurationFile(file, runOptions)).toEqual({ epochs: 3, size: [64, 96] });
  await writeFile(file, '{\n  "epochs" 3\n}\n');
  await expect(readConfigurationFile(file, runOptions)).rejects.toThrow(
    `${file}: broken JSON (ColonExpected at line 2, column 12), expected JSON, which may have comments.`,
  );
});
