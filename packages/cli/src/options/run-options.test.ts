import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runConfiguration, runOptionsSchema } from '@interseg/training';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../errors/usage-error.ts';
import { addRunFlags, readRunOptions } from './run-options.ts';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'interseg-cli-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The configuration that a command line stands for. */
async function configurationOf(...argv: string[]) {
  const command = addRunFlags(new Command().option('--config <file>'));
  command.parse(argv, { from: 'user' });
  return readRunOptions(command);
}

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function refusal(...argv: string[]): Promise<string> {
  const error = await configurationOf(...argv).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UsageError);
  const { message } = error as UsageError;
  expect(message).toMatch(/[.?]$/);
  expect(message).not.toContain('\n');
  return message;
}

it('has a flag for every field of the schema', () => {
  const flags = addRunFlags(new Command()).options.map((option) => option.attributeName());
  expect(flags.sort()).toEqual(Object.keys(runOptionsSchema.shape).sort());
});

it('fills in the defaults of the schema', async () => {
  expect(await configurationOf('--data', 'd')).toEqual(runConfiguration.parse({ data: 'd' }));
});

it('takes a switch with a value or without', async () => {
  const of = async (...argv: string[]) => (await configurationOf(...argv, '--data', 'd')).deepSupervision;
  expect(await of()).toBe(false);
  expect(await of('--deep-supervision')).toBe(true);
  expect(await of('--deep-supervision', 'true')).toBe(true);
  const path = await file('deep.yaml', 'deepSupervision: true\n');
  expect(await of('--config', path)).toBe(true);
  expect(await of('--config', path, '--deep-supervision', 'false')).toBe(false);
  expect(await refusal('--data', 'd', '--deep-supervision', 'yes')).toBe(
    "--deep-supervision: found 'yes', expected true or false.",
  );
});

it('lets flags win over the file, and the file over defaults', async () => {
  const path = await file('run.yaml', 'epochs: 7\nbatch: 2\nupSampling: bilinear\nsize: 64\n');
  const configuration = await configurationOf('--config', path, '--data', 'd', '--batch', '4');
  expect(configuration).toMatchObject({ epochs: 7, batch: 4, upSampling: 'bilinear', size: [64, 64], patience: 20 });
});

it('reads JSON, and takes paths from the folder of the file', async () => {
  const path = await file('run.json', JSON.stringify({ data: 'images', filters: [8, 16] }));
  expect(await configurationOf('--config', path)).toMatchObject({ data: join(folder, 'images'), filters: [8, 16] });
});

describe('refuses, in a sentence that names the option', () => {
  it('values out of range', async () => {
    expect(await refusal('--data', 'd', '--epochs', '0')).toBe(
      "--epochs: found '0', expected a whole number of at least 1.",
    );
    expect(await refusal('--data', 'd', '--fractions', '0.5,0.5')).toMatch(/^--fractions: found '0\.5,0\.5'/);
    const path = await file('range.yaml', 'learningRate: -1\n');
    expect(await refusal('--data', 'd', '--config', path)).toBe(
      `${path}: learningRate: found '-1', expected a number above 0.`,
    );
  });

  it('a missing data set', async () => {
    expect(await refusal()).toMatch(/--data is missing/);
  });

  it('a size that the levels do not divide, unless there are fewer', async () => {
    expect(await refusal('--data', 'd', '--size', '100x96')).toBe(
      '--size: found 100x96, expected a height and width divisible by 16 with 5 levels of filters.',
    );
    expect(await configurationOf('--data', 'd', '--size', '100', '--filters', '8,16,32')).toMatchObject({
      size: [100, 100],
    });
    expect(await refusal('--data', 'd', '--size', '16')).toMatch(/^--size: found 16x16, expected more than 16×16/);
  });

  it('an unknown variant, with the nearest', async () => {
    expect(await refusal('--data', 'd', '--variant', 'twi_unet')).toMatch(/^--variant.*did you mean twi-unet\?\)\.$/);
  });

  it('an unknown key of the file, with the nearest', async () => {
    const path = await file('typo.yaml', 'epochz: 3\n');
    expect(await refusal('--config', path)).toBe(`${path}: unknown option 'epochz'; did you mean 'epochs'?`);
  });

  it('a file that is missing, broken or no configuration', async () => {
    expect(await refusal('--config', join(folder, 'none.yaml'))).toMatch(/none\.yaml: no such file/);
    expect(await refusal('--config', await file('broken.json', '{"epochs": 3'))).toMatch(/broken\.json: /);
    expect(await refusal('--config', await file('list.yaml', '- epochs\n'))).toMatch(/list\.yaml: expected a config/);
    expect(await refusal('--config', await file('run.txt', ''))).toMatch(/run\.txt: expected .*\.yaml/);
  });
});
