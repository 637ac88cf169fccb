import { DataError, OptionError } from '@interseg/errors';
import { fileError } from '@interseg/files';
import { EngineError } from '@interseg/runtime';
import { expect, it } from 'vitest';
import { errorText } from './error-text.ts';
import { exitStatusFor } from './exit-status.ts';
import { UsageError } from './usage-error.ts';

it('distinguishes bad input from failed work', () => {
  const input = [
    new UsageError('--size: found 3.'),
    new DataError('a.nii: no such file.'),
    new OptionError('filters: found 3, expected at least two numbers.'),
  ];
  expect(input.map(exitStatusFor)).toEqual([2, 2, 2]);
  expect(exitStatusFor(new Error('The loss is NaN.'))).toBe(1);
  expect(exitStatusFor(new EngineError('wasm', 'wasm engine: out of memory.'))).toBe(1);
  expect(exitStatusFor(new RangeError('Only its class says whose fault an error is, not its last character.'))).toBe(1);
  expect(exitStatusFor('text')).toBe(1);
});

it('treats a full disk as a failure, and missing permission as bad input', () => {
  const systemError = (code: string): Error => Object.assign(new Error(code), { code });
  const statusFor = (code: string): number => exitStatusFor(fileError('history.csv', systemError(code), 'a file'));
  expect(['ENOSPC', 'EDQUOT', 'EACCES', 'EROFS'].map(statusFor)).toEqual([1, 1, 2, 2]);
});

it("treats JavaScript's own range errors as failures", () => {
  let thrown: unknown;
  try {
    new Array(-1);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(RangeError);
  expect(exitStatusFor(thrown)).toBe(1);
});

it('shows an error as one line, with its stack and cause only on request', () => {
  const error = new Error('first\n  second.', { cause: new Error('the reason') });
  expect(errorText(error)).toBe('error: first second.\n');
  expect(errorText(error, { debug: true })).toMatch(/^error: first second\.\n[^]*at [^]*caused by: Error: the reason/);
});
