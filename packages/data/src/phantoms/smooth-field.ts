import type { Random } from '../random/random.ts';

/** A function of the position in millimetres, with values in [−1, 1]. */
export type Field = (x: number, y: number, z: number) => number;

/**
 * A smoothly varying field: random values at the nodes of a cubic lattice, interpolated in between. Nodes are spread
 * over a lattice that repeats far outside any head.
 *
 * @param scale millimetres between nodes
 */
export function smoothField(random: Random, scale: number): Field {
  const period = 32;
  const nodes = Float32Array.from({ length: period ** 3 }, () => random.uniform(-1, 1));
  const node = (i: number, j: number, k: number): number =>
    nodes[(i & (period - 1)) + period * ((j & (period - 1)) + period * (k & (period - 1)))]!;
  return (x, y, z) => {
    const [i, u] = split(x / scale);
    const [j, v] = split(y / scale);
    const [k, w] = split(z / scale);
    const along = (row: number, layer: number): number => blend(node(i, row, layer), node(i + 1, row, layer), u);
    return blend(blend(along(j, k), along(j + 1, k), v), blend(along(j, k + 1), along(j + 1, k + 1), v), w);
  };
}

/** The node below and a weight with a slope of 0 at both nodes, so that the field has no creases. */
function split(position: number): [number, number] {
  const below = Math.floor(position);
  const rest = position - below;
  return [below, rest * rest * (3 - 2 * rest)];
}

function blend(a: number, b: number, weight: number): number {
  return a + (b - a) * weight;
}
