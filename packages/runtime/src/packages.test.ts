import { expect, test } from 'vitest';
import { findPackageFolder, load, findRequire, findPackageVersion } from './packages.ts';
import { shortReason } from './engine-error.ts';

test('an installed package has a folder and a version', () => {
  expect(findPackageVersion('@tensorflow/tfjs-core')).toMatch(/^4\.\d+\.\d+$/);
  expect(findPackageFolder('@tensorflow/tfjs-core')).toMatch(/tfjs-core$/);
});

test('a package that is not installed is named', () => {
  expect(findRequire('@tensorflow/no-such-backend')).toBeUndefined();
  expect(findPackageVersion('@tensorflow/no-such-backend')).toBeUndefined();
  expect(() => load('@tensorflow/no-such-backend')).toThrow('the package @tensorflow/no-such-backend is not installed');
});

test('a reason is one line without its final stop', () => {
  expect(shortReason(new Error('first line.\n  at second'))).toBe('first line');
  expect(shortReason('text')).toBe('text');
});
