import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyAffine, scalingAffine, type Affine, type Triple } from './affine.ts';
import { canonicalAffine, fromCanonical, orientationName, orientationFromAffine, toCanonical } from './orientation.ts';

/** A grid of 3 × 4 × 5 voxels whose axes run to the back, the head and the left, turned by 20° about the head's axis. */
const cosine = Math.cos((20 * Math.PI) / 180);
const sine = Math.sin((20 * Math.PI) / 180);
const oblique: Affine = [
  [2 * sine, 0, -1.5 * cosine, 40],
  [-2 * cosine, 0, -1.5 * sine, 30],
  [0, 3, 0, -20],
  [0, 0, 0, 1],
];
const shape = [3, 4, 5];

describe('orientation', () => {
  it('names the directions of the axes', () => {
    expect(orientationName(orientationFromAffine(scalingAffine([1, 1, 1])))).toBe('RAS');
    expect(orientationName(orientationFromAffine(scalingAffine([-1, -1, 1])))).toBe('LPS');
    expect(orientationName(orientationFromAffine(oblique))).toBe('PSL');
  });

  it('finds an assignment of its own for each axis where the largest cosines collide', () => {
    // The first two axes both lean to the right; only one of them can be it.
    const leaning: Affine = [
      [0.8, 0.75, 0, 0],
      [-0.6, 0.66, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 1],
    ];
    expect(orientationFromAffine(leaning).axes).toEqual([0, 1, 2]);
  });

  it('moves the voxels of an oblique grid so that right, front and head grow with x, y and z', () => {
    const orientation = orientationFromAffine(oblique);
    // x is the third axis backwards, y the first backwards, z the second.
    expect(orientation).toEqual({ axes: [2, 0, 1], flips: [true, true, false] });
    const data = Uint8Array.from({ length: 60 }, (_, index) => index);
    const canonical = toCanonical(data, shape, orientation);
    expect(canonical.shape).toEqual([5, 3, 4]);
    // The canonical voxel (1, 2, 3) is (i, j, k) = (3 − 1 − 2, 3, 5 − 1 − 1) = (0, 3, 3): 0 + 3·3 + 12·3 = 45.
    expect(canonical.data[1 + 5 * (2 + 3 * 3)]).toBe(45);
    // Its place in millimetres is the same by both affines.
    const place = applyAffine(canonicalAffine(oblique, shape, orientation), [1, 2, 3]);
    applyAffine(oblique, [0, 3, 3]).forEach((mm, axis) => expect(place[axis]).toBeCloseTo(mm, 10));
  });

  it('keeps the left left: an object at the right of the patient has large x in canonical order', () => {
    const data = new Uint8Array(60);
    const orientation = orientationFromAffine(oblique);
    // The voxel that is furthest to the right in millimetres, by brute force.
    let right: Triple = [0, 0, 0];
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 4; j++) {
        for (let k = 0; k < 5; k++) {
          if (applyAffine(oblique, [i, j, k])[0] > applyAffine(oblique, right)[0]) right = [i, j, k];
        }
      }
    }
    data[right[0] + 3 * (right[1] + 4 * right[2])] = 1;
    const canonical = toCanonical(data, shape, orientation);
    expect(canonical.data.indexOf(1) % 5).toBe(4);
  });

  it('is undone exactly, for any grid', () => {
    // Never zero, so that every axis has a length.
    const axis = fc.integer({ min: -30, max: 29 }).map((tenths) => (tenths + 0.5) / 10);
    const matrix = fc.array(fc.array(axis, { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(matrix, fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 3, maxLength: 3 }), (rows, shape) => {
        const affine = [...rows.map((row) => [...row, 1]), [0, 0, 0, 1]];
        const orientation = orientationFromAffine(affine);
        expect([...orientation.axes].sort()).toEqual([0, 1, 2]);
        const data = Float32Array.from({ length: shape[0]! * shape[1]! * shape[2]! }, (_, index) => index);
        const canonical = toCanonical(data, shape, orientation);
        expect(fromCanonical(canonical.data, shape, orientation)).toEqual(data);
        // What is canonical stays as it is.
        const again = orientationFromAffine(canonicalAffine(affine, shape, orientation));
        expect(again.flips).toEqual([false, false, false]);
      }),
      { seed: 5 },
    );
  });
});
