import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { optionsWhere } from './option.ts';
import { withAbsolutePaths } from './paths.ts';
import { runConfiguration, runOptionsSchema, runSections } from './run-configuration.ts';

const storage = ['cache', 'cacheLimit', 'workers', 'memoryLimit', 'lockSilence', 'checkpointMinutes'];
const where = (isTrue: Parameters<typeof optionsWhere>[1]) => optionsWhere(runOptionsSchema, isTrue).sort();

describe('an option says of itself', () => {
  it('whether it changes the result', () => {
    expect(where(({ changesResult }) => !changesResult)).toEqual(storage.toSorted());
  });

  it('whether the entries of a comparison may differ in it', () => {
    const shared = [
      'preset',
      'data',
      'classes',
      'split',
      'fractions',
      'plugins',
      'variant',
      'initialWeights',
      'seed',
      'engine',
      'threads',
      'precision',
    ];
    expect(where(({ variesInComparison }) => !variesInComparison)).toEqual([...shared, ...storage].sort());
  });

  it('whether it may change when a run is resumed', () => {
    const training = ['epochs', 'patience', 'maxMinutes', 'onNan', 'postProcessing'];
    const changeable = ['data', 'plugins', ...training, 'engine', 'threads', 'precision'];
    expect(where(({ resumable }) => resumable)).toEqual([...changeable, ...storage].sort());
  });

  it('whether it is a path, and then relative to where it is written', () => {
    expect(where(({ path }) => path === 'file')).toEqual(['cache', 'data', 'initialWeights', 'split']);
    expect(where(({ path }) => path === 'module')).toEqual(['plugins']);
    const values = { data: 'images', plugins: ['./plugin.mjs', 'a-package'], variant: 'unet', unknown: 'stays' };
    expect(withAbsolutePaths(runOptionsSchema, values, '/files')).toEqual({
      ...values,
      data: resolve('/files/images'),
      plugins: [resolve('/files/plugin.mjs'), 'a-package'],
    });
    // What is no text is for the schema to refuse.
    expect(withAbsolutePaths(runOptionsSchema, { data: 5, plugins: [null] }, '/files')).toEqual({
      data: 5,
      plugins: [null],
    });
  });
});

it('stands in one section, in a few words', () => {
  const names = runSections.flatMap(({ schema }) => Object.keys(schema.shape));
  expect(names.toSorted()).toEqual(Object.keys(runOptionsSchema.shape).sort());
  expect(new Set(names).size).toBe(names.length);
  for (const { shape } of runSections.map(({ schema }) => schema)) {
    for (const [name, schema] of Object.entries(shape)) expect(schema.description, name).toMatch(/^\S.*[^.]$/);
  }
});

describe('a preset', () => {
  it('applies wherever a configuration is checked, and other options take precedence', () => {
    const spleen = runConfiguration.parse({ preset: 'spleen', data: 'folder' });
    expect(spleen).toMatchObject({ classes: ['spleen'], size: [256, 256], intensity: 'window', window: [40, 400] });
    expect(runConfiguration.parse({ preset: 'spleen', data: 'folder', size: 128 })).toMatchObject({
      classes: ['spleen'],
      size: [128, 128],
    });
    expect(runConfiguration.parse(JSON.parse(JSON.stringify(spleen)))).toEqual(spleen);
  });

  it('of an unknown name is refused', () => {
    const { error } = runConfiguration.safeParse({ preset: 'liver', data: 'folder' });
    expect(error?.issues[0]?.path).toEqual(['preset']);
    for (const values of [null, 'spleen', ['spleen']]) expect(runConfiguration.safeParse(values).success).toBe(false);
  });
});
