/** Numbers in (-1, 1) that depend on the seed alone. */
export function pseudoRandom(size: number, seed: number): Float32Array {
  let state = (seed * 2654435761) >>> 0;
  const values = new Float32Array(size);
  for (let k = 0; k < size; k++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values[k] = state / 2 ** 31 - 1;
  }
  return values;
}

/** The largest difference relative to the largest reference value. */
export function relativeDifference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Infinity;
  let difference = 0;
  let scale = 0;
  for (let k = 0; k < expected.length; k++) {
    const d = Math.abs(found[k]! - expected[k]!);
    if (Number.isNaN(d)) return Infinity;
    difference = Math.max(difference, d);
    scale = Math.max(scale, Math.abs(expected[k]!));
  }
  return difference / (scale || 1);
}
