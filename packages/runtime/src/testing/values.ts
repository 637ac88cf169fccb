/** Numbers in (-1, 1) that depend on the seed alone. */
export function pseudoRandom(size: number, seed: number): Float32Array {
  let state = (seed * 2654435761) >>> 0;
  return Float32Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
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
