import type { Triple } from './grid.ts';
import { LowerEnvelope } from './lower-envelope.ts';

/** The number of steps to each side that are tried before the envelope of a whole line is worth its cost. */
const reach = 16;

/**
 * Exact squared Euclidean distance of some voxels of a grid to the nearest of the given sites, in time linear in the
 * number of voxels: a distance transform with one pass along each axis.
 *
 * The first pass counts steps, the next takes lower envelopes. The last pass is needed at the queried voxels only. Most
 * surfaces lie close to each other, so it looks outwards from each of these for as long as a nearer site is possible,
 * and computes the envelope of a line only where that takes long.
 *
 * @param queries Indices of the queried voxels, row-major.
 * @param sites Indices of the sites, at least one.
 * @param size The three axes of the grid.
 * @param spacing Distance between neighbours along each axis.
 * @param field Working memory of one number for each voxel, which is overwritten.
 * @returns The squared distance for each query.
 */
export function squaredDistances(
  queries: Int32Array,
  sites: Int32Array,
  size: Triple,
  spacing: Triple,
  field: Float64Array,
): Float64Array {
  const [depth, height, width] = size;
  field.fill(Infinity);
  for (let i = 0; i < sites.length; i++) {
    field[sites[i]!] = 0;
  }
  alongRows(field, width, spacing[2]);
  if (depth === 1) {
    return alongLastAxis(queries, field, width, height, spacing[1]);
  }
  if (height > 1) {
    const envelope = new LowerEnvelope(height, spacing[1]);
    for (let z = 0; z < depth; z++) {
      for (let x = 0; x < width; x++) {
        envelope.transform(field, z * height * width + x, width);
      }
    }
  }
  return alongLastAxis(queries, field, height * width, depth, spacing[0]);
}

/** Squared distances within each row: in a row that only has zeros and infinities, counting steps is enough. */
function alongRows(field: Float64Array, width: number, step: number): void {
  for (let start = 0; start < field.length; start += width) {
    let last = -1;
    for (let x = 0; x < width; x++) {
      if (field[start + x] === 0) {
        // Fills the gap between two sites (or before the first) from its nearer end.
        for (let between = last + 1; between < x; between++) {
          const steps = last < 0 ? x - between : Math.min(between - last, x - between);
          field[start + between] = steps * step * (steps * step);
        }
        last = x;
      }
    }
    if (last >= 0) {
      for (let x = last + 1; x < width; x++) {
        field[start + x] = (x - last) * step * ((x - last) * step);
      }
    }
  }
}

/** min over q of f(q) + (step·(p − q))² along the slowest axis, at the queries only. */
function alongLastAxis(
  queries: Int32Array,
  field: Float64Array,
  stride: number,
  length: number,
  step: number,
): Float64Array {
  const result = new Float64Array(queries.length);
  const envelope = new LowerEnvelope(length, step);
  // Lines that hold final distances, to which nothing may be added.
  const finished = new Uint8Array(stride);
  for (let i = 0; i < queries.length; i++) {
    const index = queries[i]!;
    const line = index % stride;
    if (finished[line] === 0) {
      const nearest = nearestWithinReach(field, index, stride, step);
      if (nearest >= 0) {
        result[i] = nearest;
        continue;
      }
      envelope.transform(field, line, stride);
      finished[line] = 1;
    }
    result[i] = field[index]!;
  }
  return result;
}

/** The minimum at one voxel if its surroundings settle it, otherwise −1. */
function nearestWithinReach(field: Float64Array, index: number, stride: number, step: number): number {
  let best = field[index]!;
  for (let k = 1; k <= reach; k++) {
    const away = k * step * (k * step);
    if (away >= best) {
      return best;
    }
    const before = index - k * stride;
    const after = index + k * stride;
    if (before >= 0) {
      best = Math.min(best, field[before]! + away);
    }
    if (after < field.length) {
      best = Math.min(best, field[after]! + away);
    }
  }
  const next = (reach + 1) * step;
  return next * next >= best ? best : -1;
}
