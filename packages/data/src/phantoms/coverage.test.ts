import { describe, expect, it } from 'vitest';
import { createRandom } from '../random/random.ts';
import { centerdGrid, forEachCovered } from './coverage.ts';
import { radialPosition, randomDirections, type Ellipsoid } from './ellipsoid.ts';

describe('ellipsoids', () => {
  it('have the position 0 at the center and 1 on the surface, along their own axes', () => {
    // Turned by 90° about z: the long axis lies along y.
    const turned: Ellipsoid = {
      center: [1, 2, 3],
      axes: [5, 2, 1],
      directions: [
        [0, 1, 0],
        [-1, 0, 0],
        [0, 0, 1],
      ],
    };
    expect(radialPosition(turned, 1, 2, 3)).toBe(0);
    expect(radialPosition(turned, 1, 7, 3)).toBe(1);
    expect(radialPosition(turned, 3, 2, 3)).toBe(1);
    expect(radialPosition(turned, 1, 2, 5)).toBe(2);
  });

  it('are turned without being deformed', () => {
    const random = createRandom(1);
    for (let round = 0; round < 20; round++) {
      const directions = randomDirections(random, Math.PI);
      for (let a = 0; a < 3; a++) {
        for (let b = 0; b < 3; b++) {
          const product = directions[a]!.reduce((sum, value, axis) => sum + value * directions[b]![axis]!, 0);
          expect(product).toBeCloseTo(a === b ? 1 : 0, 12);
        }
      }
    }
  });

  it('cover as much as their volume, each voxel by at most 1', () => {
    const grid = centerdGrid([40, 40, 20], [1, 1, 2]);
    const directions = randomDirections(createRandom(2), Math.PI);
    const ellipsoid: Ellipsoid = { center: [1.3, -2.2, 0.7], axes: [9, 6, 4], directions };
    let covered = 0;
    const seen = new Set<number>();
    forEachCovered(grid, ellipsoid, (index, fraction, position) => {
      expect(fraction).toBeLessThanOrEqual(1);
      expect(position).toBeLessThanOrEqual(1);
      covered += fraction * 2;
      seen.add(index);
    });
    // 4/3 π · 9 · 6 · 4 mm³.
    expect(Math.abs(covered / ((4 / 3) * Math.PI * 216) - 1)).toBeLessThan(0.02);
    expect([...seen].every((index) => index >= 0 && index < 40 * 40 * 20)).toBe(true);
  });
});
