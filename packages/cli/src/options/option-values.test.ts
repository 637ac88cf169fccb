import { expect, it } from 'vitest';
import { z } from 'zod';
import { describeOptions } from './option-schema.ts';
import { expectationOf, formatValue, parseValue, placeholderOf } from './option-values.ts';

const count = z.int().min(1);
const options = describeOptions(
  z.strictObject({
    data: z.string().min(1).describe('folder of images'),
    epochs: count.default(100),
    learningRate: z.number().positive().default(3e-4),
    plane: z.enum(['axial', 'coronal']).default('axial'),
    filters: z.array(count).min(2).default([16, 32]),
    window: z.tuple([z.number(), z.number().positive()]).optional(),
    names: z.array(z.string()).default(['T1']),
    deep: z.boolean().default(false),
    size: z.union([count.transform((n): [number, number] => [n, n]), z.tuple([count, count])]).default([96, 96]),
    unlabelled: z.union([z.int().min(0), z.enum(['all'])]).default(0),
  }),
);
const schemaOf = (field: string) => options.find((option) => option.field === field)!.schema;
const parse = (field: string, text: string) => parseValue(text, schemaOf(field));

it('reads names, flags and defaults off a schema, also behind a transformation', () => {
  expect(options.map(({ flag, default: standard }) => [flag, standard])).toEqual([
    ['data', undefined],
    ['epochs', 100],
    ['learning-rate', 3e-4],
    ['plane', 'axial'],
    ['filters', [16, 32]],
    ['window', undefined],
    ['names', ['T1']],
    ['deep', false],
    ['size', [96, 96]],
    ['unlabelled', 0],
  ]);
});

it('parses text by the schema of its option', () => {
  expect(parse('epochs', '12')).toBe(12);
  expect(parse('learningRate', '1e-3')).toBe(0.001);
  expect(parse('filters', '8, 16,32')).toEqual([8, 16, 32]);
  expect(parse('window', '-600,1500')).toEqual([-600, 1500]);
  expect(parse('size', '96')).toBe(96);
  expect(parse('size', '96x80')).toEqual([96, 80]);
  expect(parse('size', '96,80')).toEqual([96, 80]);
  expect([parse('unlabelled', '60'), parse('unlabelled', 'all')]).toEqual([60, 'all']);
  expect([parse('deep', 'true'), parse('deep', 'false'), parse('deep', 'yes')]).toEqual([true, false, 'yes']);
  // An x is a separator of numbers only.
  expect(parse('names', 'T1,flairx')).toEqual(['T1', 'flairx']);
});

it('leaves text that is no number to the schema', () => {
  expect(parse('epochs', 'many')).toBe('many');
  expect(parse('epochs', '')).toBe('');
  expect(parse('filters', '8,,32')).toEqual([8, '', 32]);
});

it('says in words what a value should be', () => {
  expect(expectationOf(schemaOf('epochs'))).toBe('a whole number of at least 1');
  expect(expectationOf(schemaOf('learningRate'))).toBe('a number above 0');
  expect(expectationOf(schemaOf('plane'))).toBe('one of axial, coronal');
  expect(expectationOf(schemaOf('filters'))).toBe(
    'at least 2 values separated by commas, each a whole number of at least 1',
  );
  expect(expectationOf(schemaOf('window'))).toBe('2 values separated by commas: a number, a number above 0');
  expect(expectationOf(schemaOf('deep'))).toBe('true or false');
  expect(expectationOf(schemaOf('unlabelled'))).toBe('a whole number of at least 0 or all');
  expect(expectationOf(schemaOf('size'))).toBe(
    'a whole number of at least 1 or 2 values separated by commas, each a whole number of at least 1',
  );
});

it('shows what stands for a value in help', () => {
  expect(options.map(placeholderOf)).toEqual([
    'folder',
    'n',
    'number',
    'name',
    'a,b,…',
    'a,b',
    'a,b,…',
    'true|false',
    'n or h,w',
    'n or all',
  ]);
});

it('writes values as they would be given', () => {
  expect(formatValue([16, 32])).toBe('16,32');
  expect(formatValue(3e-4)).toBe('0.0003');
});
