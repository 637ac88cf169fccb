import { OptionError } from '@interseg/errors';
import { expect, it } from 'vitest';
import { Registry } from './registry.ts';

const [first, second] = [{ name: 'first' }, { name: 'second-2' }];

it('finds entries by name, and lists them in the order of their definition', () => {
  const registry = new Registry<{ name: string }>('thing');
  expect(registry.define(second)).toBe(second);
  registry.define(first);
  registry.define(second);
  expect(registry.list()).toEqual([second, first]);
  expect(registry.find('first')).toBe(first);
});

it('names what it knows when a name is unknown, and refuses one that is taken or cannot be written', () => {
  const registry = new Registry<{ name: string }>('thing');
  for (const entry of [first, second]) registry.define(entry);
  expect(() => registry.find('third')).toThrow("There is no thing 'third', expected one of first, second-2.");
  expect(() => registry.find('third')).toThrow(OptionError);
  expect(() => registry.define({ ...first })).toThrow(
    "A thing named 'first' is defined already, expected another name.",
  );
  expect(() => registry.define({ name: 'My Thing' })).toThrow(
    "The thing name is 'My Thing', expected lower-case letters",
  );
  expect(registry.list()).toEqual([first, second]);
});
