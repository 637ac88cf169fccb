/**
 * Computes a percentile with linear interpolation between the two nearest ranks, the default of numpy
 * (`method='linear'`). Reorders the numbers.
 *
 * @param values At least one number; no NaN.
 * @param percentile In [0, 100].
 */
export function computePercentile(values: Float64Array, percentile: number): number {
  const position = ((values.length - 1) * percentile) / 100;
  const rank = Math.floor(position);
  const low = select(values, rank);
  const fraction = position - rank;
  if (fraction === 0) {
    return low;
  }
  // After the selection, what is above the rank is no smaller; the next rank is the smallest of it.
  let high = Infinity;
  for (let i = rank + 1; i < values.length; i++) {
    high = Math.min(high, values[i]!);
  }
  // Two infinities would give NaN.
  return low === high ? low : low + fraction * (high - low);
}

/**
 * Quickselect: moves the value of the given rank to its place, with no larger ones before and no smaller ones after.
 */
function select(values: Float64Array, rank: number): number {
  let left = 0;
  let right = values.length - 1;
  while (left < right) {
    const pivot = medianOfThree(values[left]!, values[(left + right) >> 1]!, values[right]!);
    let i = left;
    let j = right;
    while (i <= j) {
      while (values[i]! < pivot) {
        i++;
      }
      while (values[j]! > pivot) {
        j--;
      }
      if (i <= j) {
        const moved = values[i]!;
        values[i++] = values[j]!;
        values[j--] = moved;
      }
    }
    if (rank <= j) {
      right = j;
    } else if (rank >= i) {
      left = i;
    } else {
      break;
    }
  }
  return values[rank]!;
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
