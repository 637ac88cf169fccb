/**
 * The weights that resample an axis to another length: element i of the result is the sum over t of `weights[i·taps + t]`
 * times element `first[i] + t` of the input. The weights of an element add up to 1.
 */
export interface AxisResampling {
  readonly taps: number;
  readonly first: Int32Array;
  readonly weights: Float64Array;
}

/**
 * - `nearest`: the element that contains the centre of the new one; for masks.
 * - `area`: the mean over the extent of the new element; for images that shrink.
 * - `linear`: interpolation between the two nearest centres, and the outermost element beyond them; for enlargement.
 */
export type ResamplingKind = 'nearest' | 'area' | 'linear';

/** The weights that resample an axis of `from` elements to one of `to` elements with the same ends. */
export function axisResampling(from: number, to: number, kind: ResamplingKind): AxisResampling {
  const step = from / to;
  if (from === to) return build(to, 1, (index) => [index, [1]]);
  if (kind === 'nearest') return build(to, 1, (index) => [Math.min(from - 1, Math.floor((index + 0.5) * step)), [1]]);
  if (kind === 'linear') {
    return build(to, Math.min(2, from), (index) => {
      const position = Math.min(from - 1, Math.max(0, (index + 0.5) * step - 0.5));
      const first = Math.min(Math.floor(position), Math.max(0, from - 2));
      return [first, [1 - (position - first), position - first]];
    });
  }
  return build(to, Math.min(from, Math.ceil(step) + 1), (index, taps) => {
    const start = index * step;
    const end = start + step;
    const first = Math.min(Math.floor(start), from - taps);
    const covered = Array.from({ length: taps }, (_, tap) => {
      return Math.max(0, Math.min(end, first + tap + 1) - Math.max(start, first + tap)) / step;
    });
    return [first, covered];
  });
}

function build(
  length: number,
  taps: number,
  element: (index: number, taps: number) => [first: number, weights: readonly number[]],
): AxisResampling {
  const first = new Int32Array(length);
  const weights = new Float64Array(length * taps);
  for (let index = 0; index < length; index++) {
    const [start, values] = element(index, taps);
    first[index] = start;
    for (let tap = 0; tap < taps; tap++) weights[index * taps + tap] = values[tap]!;
  }
  return { taps, first, weights };
}

/**
 * Resamples an image of `rows × columns` (row-major) along both axes.
 *
 * @returns a new array of `vertical.first.length × horizontal.first.length`
 */
export function resampleImage(
  image: Float32Array,
  rows: number,
  columns: number,
  vertical: AxisResampling,
  horizontal: AxisResampling,
): Float32Array {
  const width = horizontal.first.length;
  const height = vertical.first.length;
  const narrowed = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++) {
    for (let x = 0; x < width; x++) {
      const start = row * columns + horizontal.first[x]!;
      let sum = 0;
      for (let tap = 0; tap < horizontal.taps; tap++) {
        sum += horizontal.weights[x * horizontal.taps + tap]! * image[start + tap]!;
      }
      narrowed[row * width + x] = sum;
    }
  }
  const result = new Float32Array(height * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let tap = 0; tap < vertical.taps; tap++) {
        sum += vertical.weights[y * vertical.taps + tap]! * narrowed[(vertical.first[y]! + tap) * width + x]!;
      }
      result[y * width + x] = sum;
    }
  }
  return result;
}
