import type { Triple } from '@interseg/nifti';
import type { Random } from '../random/random.ts';

/** A solid in millimetres. */
export interface Ellipsoid {
  readonly center: Readonly<Triple>;
  /** The half lengths of its own axes. */
  readonly axes: Readonly<Triple>;
  /** The directions of its own axes, one per row. */
  readonly directions: readonly [Triple, Triple, Triple];
}

/** The radial position of a point: 0 at the centre, 1 on the surface. */
export function radialPosition({ center, axes, directions }: Ellipsoid, x: number, y: number, z: number): number {
  const [dx, dy, dz] = [x - center[0], y - center[1], z - center[2]];
  let sum = 0;
  for (let axis = 0; axis < 3; axis++) {
    const direction = directions[axis]!;
    const along = (direction[0] * dx + direction[1] * dy + direction[2] * dz) / axes[axis]!;
    sum += along * along;
  }
  return Math.sqrt(sum);
}

/** How far an ellipsoid reaches from its centre along an axis of the grid, in millimetres. */
export function reachAlong({ axes, directions }: Ellipsoid, axis: number): number {
  return Math.hypot(...axes.map((half, own) => half * directions[own]![axis]!));
}

/** Directions rotated by up to `largest` radians about a random axis. */
export function randomDirections(random: Random, largest: number): [Triple, Triple, Triple] {
  const axis: Triple = [random.normal(), random.normal(), random.normal()];
  const length = Math.hypot(...axis) || 1;
  const [x, y, z] = axis.map((value) => value / length) as Triple;
  const angle = random.uniform(-largest, largest);
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const rest = 1 - cos;
  return [
    [cos + x * x * rest, x * y * rest - z * sin, x * z * rest + y * sin],
    [y * x * rest + z * sin, cos + y * y * rest, y * z * rest - x * sin],
    [z * x * rest - y * sin, z * y * rest + x * sin, cos + z * z * rest],
  ];
}
