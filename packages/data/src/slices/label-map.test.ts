import { describe, expect, it } from 'vitest';
import { DataError } from '../errors.ts';
import { labelMap } from './label-map.ts';

const classes = [
  { name: 'a', values: [2, 3] },
  { name: 'b', values: [7] },
];

describe('labelMap', () => {
  it('takes the most probable class of those that are probable enough', () => {
    const a = Float32Array.of(0.2, 0.5, 0.6, 0.9, 0.7);
    const b = Float32Array.of(0.49, 0.1, 0.8, 0.8, 0.7);
    expect(labelMap([a, b], classes)).toEqual(Uint8Array.of(0, 2, 7, 2, 2));
    expect(labelMap([a, b], classes, { threshold: 0.85 })).toEqual(Uint8Array.of(0, 0, 0, 2, 0));
    expect(labelMap([a, b], classes, { threshold: 0 })).toEqual(Uint8Array.of(7, 2, 7, 2, 2));
  });

  it('is as wide as the values need', () => {
    expect(labelMap([Float32Array.of(1)], [{ name: 'far', values: [300] }])).toEqual(Uint16Array.of(300));
  });

  it('refuses volumes that do not fit', () => {
    expect(() => labelMap([new Float32Array(2)], classes)).toThrow(DataError);
    expect(() => labelMap([new Float32Array(2), new Float32Array(3)], classes)).toThrow(/2, 3 voxels/);
  });
});
