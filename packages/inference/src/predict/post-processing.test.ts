import { expect, it } from 'vitest';
import { combinePostProcessing, dropObjects, plainPostProcessing } from './post-processing.ts';

const line = (length: number, depth = 1) => ({ shape: [length, 1, 1], spacing: [1, 2, depth] });

/** What is left of a line of voxels. */
function left(values: number[], settings: object, depth?: number): number[] {
  const volume = Float32Array.from(values);
  dropObjects([volume], line(values.length, depth), [{ ...plainPostProcessing, ...settings }]);
  return Array.from(volume);
}

it('of each class the largest component stays', () => {
  const values = [0.9, 0, 0.6, 0.7, 0.4, 0, 0.8].map(Math.fround);
  expect(left(values, { largestComponent: true })).toEqual([0, 0, 0.6, 0.7, 0.4, 0, 0].map(Math.fround));
  // With a lower threshold, 0.4 belongs to the object.
  expect(left(values, { largestComponent: true, threshold: 0.8 })).toEqual(
    [0.9, 0, 0.6, 0.7, 0.4, 0, 0].map(Math.fround),
  );
  const empty = [0.1, 0.2].map(Math.fround);
  expect(left(empty, { largestComponent: true })).toEqual(empty);
});

it('drops objects below a volume, which is that of their voxels in mm³', () => {
  const values = [1, 0, 1, 1, 0, 1, 1, 1];
  expect(left(values, { smallestObject: 0 })).toEqual(values);
  // Voxels of 1 × 2 × 1 mm: objects of 2, 4 and 6 mm³. One that is just as large stays.
  expect(left(values, { smallestObject: 4 })).toEqual([0, 0, 1, 1, 0, 1, 1, 1]);
  expect(left(values, { smallestObject: 4.1 })).toEqual([0, 0, 0, 0, 0, 1, 1, 1]);
  expect(left(values, { smallestObject: 4.1 }, 3)).toEqual(values);
  expect(left(values, { smallestObject: 7, largestComponent: true })).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
});

it('treats each class by its own settings', () => {
  const volumes = [Float32Array.of(1, 0, 1, 1), Float32Array.of(1, 0, 1, 1)];
  dropObjects(volumes, line(4), [plainPostProcessing, { ...plainPostProcessing, largestComponent: true }]);
  expect(volumes).toEqual([Float32Array.of(1, 0, 1, 1), Float32Array.of(0, 0, 1, 1)]);
});

it('is cautious with models that differ', () => {
  expect(combinePostProcessing([undefined, undefined])).toBeUndefined();
  const strict = { threshold: 0.7, smallestObject: 50, largestComponent: true };
  expect(combinePostProcessing([[strict], [strict]])).toEqual([strict]);
  expect(combinePostProcessing([[strict], undefined])).toEqual([
    { threshold: 0.6, smallestObject: 0, largestComponent: false },
  ]);
});
