// Updates of weights, value by value, with the roundings of the single operations that they stand for.
import { squaresOf4 } from './sums';

/**
 * Adam: the next value and moments of a variable from its gradient. `stepSize`, `epsilon` and `decay` are places of one
 * value each; a `decay` of 0 means none. Units are values.
 */
export function adamUpdate(
  variable: usize,
  gradient: usize,
  first: usize,
  second: usize,
  stepSize: usize,
  epsilon: usize,
  decay: usize,
  next: usize,
  nextFirst: usize,
  nextSecond: usize,
  keptOfFirst: f32,
  newInFirst: f32,
  keptOfSecond: f32,
  newInSecond: f32,
  _scratch: usize,
  begin: i32,
  end: i32,
): void {
  const size = load<f32>(stepSize),
    offset = load<f32>(epsilon),
    lost: f32 = decay === 0 ? 0 : load<f32>(decay);
  let at = (<usize>begin) << 2;
  const last = (<usize>end) << 2;
  for (; at + 16 <= last; at += 16) {
    const g = v128.load(gradient + at);
    const m = f32x4.add(
      f32x4.mul(v128.load(first + at), f32x4.splat(keptOfFirst)),
      f32x4.mul(g, f32x4.splat(newInFirst)),
    );
    const v = f32x4.add(
      f32x4.mul(v128.load(second + at), f32x4.splat(keptOfSecond)),
      f32x4.mul(f32x4.mul(g, g), f32x4.splat(newInSecond)),
    );
    const direction = f32x4.div(m, f32x4.add(f32x4.sqrt(v), f32x4.splat(offset)));
    const w = v128.load(variable + at);
    const start = f32x4.sub(w, f32x4.mul(w, f32x4.splat(lost)));
    v128.store(nextFirst + at, m);
    v128.store(nextSecond + at, v);
    v128.store(next + at, f32x4.sub(start, f32x4.mul(direction, f32x4.splat(size))));
  }
  for (; at < last; at += 4) {
    const g = load<f32>(gradient + at);
    const m = load<f32>(first + at) * keptOfFirst + g * newInFirst;
    const v = load<f32>(second + at) * keptOfSecond + g * g * newInSecond;
    const w = load<f32>(variable + at);
    store<f32>(nextFirst + at, m);
    store<f32>(nextSecond + at, v);
    store<f32>(next + at, w - w * lost - (m / (sqrt<f32>(v) + offset)) * size);
  }
}

/** a + (x - a) * share, where `share` is the place of one value. Units are values. */
export function approach(a: usize, x: usize, share: usize, out: usize, _scratch: usize, begin: i32, end: i32): void {
  const part = load<f32>(share);
  let at = (<usize>begin) << 2;
  const last = (<usize>end) << 2;
  for (; at + 16 <= last; at += 16) {
    const from = v128.load(a + at);
    const way = f32x4.mul(f32x4.sub(v128.load(x + at), from), f32x4.splat(part));
    v128.store(out + at, f32x4.add(from, way));
  }
  for (; at < last; at += 4) {
    const from = load<f32>(a + at);
    store<f32>(out + at, from + (load<f32>(x + at) - from) * part);
  }
}

/**
 * Adds the sum of the squares of `count` values to one value. Blocks are summed in single precision, the blocks in double
 * precision, as in `sumRows`. There is one unit; `scratch`: 32 bytes.
 */
export function addSquares(x: usize, count: i32, out: usize, scratch: usize, _begin: i32, _end: i32): void {
  squaresOf4(x, count >> 2, 16, f32x4.splat(0), scratch);
  let sum: f64 = 0;
  for (let k = count & ~3; k < count; k++) {
    const value = load<f32>(x + ((<usize>k) << 2));
    sum += <f64>(value * value);
  }
  for (let k: usize = 0; k < 32; k += 8) sum += load<f64>(scratch + k);
  store<f32>(out, load<f32>(out) + <f32>sum);
}
