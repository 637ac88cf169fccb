import type { Random } from '../random/random.ts';

/** Intervals of the grid of control points along each axis. */
const intervals = 6;
/** A cubic B-spline reaches one control point beyond each end. */
const controlPoints = intervals + 3;

/**
 * Draws a smooth displacement of one coordinate: a cubic B-spline over a grid of control points that are drawn
 * uniformly from [−largest, largest]. A spline never leaves the range of its control points, so neither does the
 * displacement. Its slope is at most 9 · largest (1.5 for each of the 6 intervals), so with two such fields and largest
 * < 1/18 positions keep their order: the slice cannot fold over itself.
 *
 * @returns the displacement at each pixel, row by row
 */
export function elasticField(
  random: Random,
  largest: number,
  [height, width]: readonly [number, number],
): Float64Array {
  const points = Float64Array.from({ length: controlPoints * controlPoints }, () => random.uniform(-largest, largest));
  const across = Array.from({ length: width }, (_, column) => splineAt((column + 0.5) / width));
  const field = new Float64Array(height * width);
  // Along a row of pixels there is one spline: the grid's rows, weighted for the row's position.
  const along = new Float64Array(controlPoints);
  for (let row = 0; row < height; row++) {
    const { first, weights } = splineAt((row + 0.5) / height);
    for (let point = 0; point < controlPoints; point++) {
      along[point] = weights.reduce(
        (sum, weight, tap) => sum + weight * points[(first + tap) * controlPoints + point]!,
        0,
      );
    }
    for (let column = 0; column < width; column++) {
      const { first: start, weights: taps } = across[column]!;
      field[row * width + column] =
        taps[0] * along[start]! +
        taps[1] * along[start + 1]! +
        taps[2] * along[start + 2]! +
        taps[3] * along[start + 3]!;
    }
  }
  return field;
}

/** The four control points that a position (0 to 1) depends on, and their weights, which add up to 1. */
function splineAt(place: number): { first: number; weights: readonly [number, number, number, number] } {
  const first = Math.min(intervals - 1, Math.floor(place * intervals));
  const t = place * intervals - first;
  const u = 1 - t;
  const inner = (v: number): number => (4 - 6 * v * v + 3 * v * v * v) / 6;
  return { first, weights: [(u * u * u) / 6, inner(t), inner(u), (t * t * t) / 6] };
}
