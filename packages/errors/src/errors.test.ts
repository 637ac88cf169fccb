import { expect, it, vi } from 'vitest';
import * as errors from './errors.ts';

const { DataError, isInputError, OptionError } = errors;

async function loadAnotherCopy(): Promise<typeof errors> {
  vi.resetModules();
  return import('./errors.ts');
}

it('keeps a message, a cause, a name and a stack', () => {
  const cause = new Error('the reason');
  for (const ErrorClass of [OptionError, DataError]) {
    const error = new ErrorClass('filters: found 0, expected at least 1.', { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ message: 'filters: found 0, expected at least 1.', cause, name: ErrorClass.name });
    expect(error.stack).toContain('errors.test.ts');
    expect(Object.keys(error)).toEqual(['name']);
    expect(Object.getOwnPropertySymbols(error)).toEqual([]);
  }
});

it('tells options, data and all else from each other', () => {
  const [option, data] = [new OptionError('a.'), new DataError('b.')];
  expect([option instanceof OptionError, option instanceof DataError, option instanceof RangeError]).toEqual([
    true,
    false,
    true,
  ]);
  expect([data instanceof DataError, data instanceof OptionError, data instanceof RangeError]).toEqual([
    true,
    false,
    false,
  ]);
  const others = [new RangeError('a.'), new Error('b.'), new DOMException('c.', 'DataError'), 'd', null, undefined, {}];
  expect([option, data, ...others].map(isInputError)).toEqual([true, true, ...others.map(() => false)]);
});

it('knows the errors of another copy of the package', async () => {
  const other = await loadAnotherCopy();
  expect(other.OptionError).not.toBe(OptionError);
  expect(new other.OptionError('a.')).toBeInstanceOf(OptionError);
  expect(new OptionError('a.')).toBeInstanceOf(other.OptionError);
  expect(new other.DataError('b.')).toBeInstanceOf(DataError);
  expect(new other.DataError('b.')).not.toBeInstanceOf(OptionError);
});

it('does not take an error for one of a class that extends it', () => {
  class LayoutError extends DataError {}
  class WeightError extends OptionError {}
  expect(new LayoutError('a.')).toBeInstanceOf(LayoutError);
  expect(new LayoutError('a.')).toBeInstanceOf(DataError);
  expect(new DataError('a.')).not.toBeInstanceOf(LayoutError);
  expect(new WeightError('a.')).toBeInstanceOf(OptionError);
  expect(new OptionError('a.')).not.toBeInstanceOf(WeightError);
});

it("leaves JavaScript's own range errors to the program", () => {
  try {
    new Array(-1);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    expect(isInputError(error)).toBe(false);
  }
});
