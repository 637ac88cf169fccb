import { describe, expect, it } from 'vitest';
import { kebabCase, nearestName } from './names.ts';

it('writes names in kebab case', () => {
  expect(kebabCase('learningRateDecay')).toBe('learning-rate-decay');
  expect(kebabCase('size')).toBe('size');
});

describe('nearestName', () => {
  const names = ['epochs', 'batch', 'learningRate', 'upSampling', 'size'];

  it('finds the name that was meant', () => {
    expect(nearestName('epoch', names)).toBe('epochs');
    expect(nearestName('learning_rate', names)).toBe('learningRate');
    expect(nearestName('upsamplign', names)).toBe('upSampling');
    expect(nearestName('bacth', names)).toBe('batch');
  });

  it('suggests nothing where nothing is near', () => {
    expect(nearestName('colour', names)).toBeUndefined();
    expect(nearestName('x', names)).toBeUndefined();
  });
});
