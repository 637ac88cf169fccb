import type { Affine } from '../src/index.ts';

/** An oblique grid that no axis of which is along a direction of the body, sheared and left-handed. */
export const sheared: Affine = [
  [-1.8, 0.3, 0.4, 91],
  [0.25, 1.45, -0.9, -120],
  [0.35, 0.55, 2.6, -40],
  [0, 0, 0, 1],
];

/** The same with axes at right angles, which a quaternion can hold: turned by 30° about z, mirrored. */
export const rightAngled: Affine = [
  [-1.5 * Math.cos(Math.PI / 6), -2 * Math.sin(Math.PI / 6), 0, 12.5],
  [-1.5 * Math.sin(Math.PI / 6), 2 * Math.cos(Math.PI / 6), 0, -33],
  [0, 0, 3, 7],
  [0, 0, 0, 1],
];

/** Turned about no axis of the body: the columns of the rotation are (2, 2, −1)/3, (−1, 2, 2)/3 and (2, −1, 2)/3. */
export const turned: Affine = [
  [(0.9 * 2) / 3, -1.2 / 3, (2.5 * 2) / 3, -80],
  [(0.9 * 2) / 3, (1.2 * 2) / 3, -2.5 / 3, 15.5],
  [-0.9 / 3, (1.2 * 2) / 3, (2.5 * 2) / 3, 60],
  [0, 0, 0, 1],
];
