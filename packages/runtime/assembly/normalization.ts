// Normalisation over the rows of each set of [sets, rows, channels], groups of neighbouring channels sharing a mean and a
// variance, then a scale and a shift per channel; and its gradient. Units are sets; `scratch` holds 4 * channels doubles.
import { squaresOf4, sumOf1, sumOf4 } from './sums';

function at(base: usize, c: i32): usize {
  return base + ((<usize>c) << 3);
}

/** Replaces each of `channels` doubles by the mean over its group. */
function averageGroups(values: usize, channels: i32, groupSize: i32): void {
  if (groupSize === 1) return;
  for (let c = 0; c < channels; c += groupSize) {
    let sum: f64 = 0;
    for (let k = c; k < c + groupSize; k++) sum += load<f64>(at(values, k));
    sum /= <f64>groupSize;
    for (let k = c; k < c + groupSize; k++) store<f64>(at(values, k), sum);
  }
}

function squaresOf1(x: usize, rows: i32, stride: usize, mean: f32): f64 {
  let sum: f64 = 0;
  for (let r = 0; r < rows; r++) {
    const d = <f64>(load<f32>(x) - mean);
    sum += d * d;
    x += stride;
  }
  return sum;
}

/** Writes y, and per set and channel the mean and 1 / sqrt(variance + epsilon). */
export function normalize(
  x: usize,
  scale: usize,
  shift: usize,
  y: usize,
  mean: usize,
  inverse: usize,
  rows: i32,
  channels: i32,
  groupSize: i32,
  epsilon: f64,
  scratch: usize,
  begin: i32,
  end: i32,
): void {
  const stride = (<usize>channels) << 2;
  for (let u = begin; u < end; u++) {
    const set = x + <usize>u * <usize>rows * stride,
      target = y + <usize>u * <usize>rows * stride;
    const means = mean + <usize>u * stride,
      inverses = inverse + <usize>u * stride;
    let c = 0;
    for (; c + 4 <= channels; c += 4) sumOf4(set + ((<usize>c) << 2), rows, stride, at(scratch, c));
    for (; c < channels; c++) store<f64>(at(scratch, c), sumOf1(set + ((<usize>c) << 2), rows, stride));
    averageGroups(scratch, channels, groupSize);
    for (c = 0; c < channels; c++) store<f32>(means + ((<usize>c) << 2), <f32>(load<f64>(at(scratch, c)) / <f64>rows));
    for (c = 0; c + 4 <= channels; c += 4) {
      squaresOf4(set + ((<usize>c) << 2), rows, stride, v128.load(means + ((<usize>c) << 2)), at(scratch, c));
    }
    for (; c < channels; c++) {
      store<f64>(
        at(scratch, c),
        squaresOf1(set + ((<usize>c) << 2), rows, stride, load<f32>(means + ((<usize>c) << 2))),
      );
    }
    averageGroups(scratch, channels, groupSize);
    for (c = 0; c < channels; c++) {
      store<f32>(inverses + ((<usize>c) << 2), <f32>(1 / sqrt<f64>(load<f64>(at(scratch, c)) / <f64>rows + epsilon)));
    }
    for (c = 0; c + 4 <= channels; c += 4) {
      const o = (<usize>c) << 2;
      const m = v128.load(means + o),
        k = f32x4.mul(v128.load(inverses + o), v128.load(scale + o)),
        b = v128.load(shift + o);
      let p = set + o,
        q = target + o;
      for (let r = 0; r < rows; r++) {
        v128.store(q, f32x4.add(f32x4.mul(f32x4.sub(v128.load(p), m), k), b));
        p += stride;
        q += stride;
      }
    }
    for (; c < channels; c++) {
      const o = (<usize>c) << 2;
      const m = load<f32>(means + o),
        k = load<f32>(inverses + o) * load<f32>(scale + o),
        b = load<f32>(shift + o);
      let p = set + o,
        q = target + o;
      for (let r = 0; r < rows; r++) {
        store<f32>(q, (load<f32>(p) - m) * k + b);
        p += stride;
        q += stride;
      }
    }
  }
}

/** Sums of dy * (x - mean) for 4 channels. */
function productsOf4(x: usize, dy: usize, rows: i32, stride: usize, mean: v128, out: usize): void {
  let low = f64x2.splat(0),
    high = f64x2.splat(0);
  while (rows > 0) {
    const block = min(rows, 64);
    let sum = f32x4.splat(0);
    for (let r = 0; r < block; r++) {
      sum = f32x4.add(sum, f32x4.mul(v128.load(dy), f32x4.sub(v128.load(x), mean)));
      x += stride;
      dy += stride;
    }
    low = f64x2.add(low, f64x2.promote_low_f32x4(sum));
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<i64>(sum, sum, 1, 0)));
    rows -= block;
  }
  v128.store(out, low);
  v128.store(out, high, 16);
}

function productsOf1(x: usize, dy: usize, rows: i32, stride: usize, mean: f32): f64 {
  let sum: f64 = 0;
  for (let r = 0; r < rows; r++) {
    sum += <f64>load<f32>(dy) * <f64>(load<f32>(x) - mean);
    x += stride;
    dy += stride;
  }
  return sum;
}

/** Writes dx, and per set and channel the gradients of the scale and the shift. */
export function normalizeGradient(
  x: usize,
  dy: usize,
  scale: usize,
  mean: usize,
  inverse: usize,
  dx: usize,
  scaleGradient: usize,
  shiftGradient: usize,
  rows: i32,
  channels: i32,
  groupSize: i32,
  scratch: usize,
  begin: i32,
  end: i32,
): void {
  const stride = (<usize>channels) << 2;
  const products = scratch + ((<usize>channels) << 3);
  const means = scratch + ((<usize>channels) << 4),
    slopes = means + stride,
    curvatures = slopes + stride,
    offsets = curvatures + stride;
  for (let u = begin; u < end; u++) {
    const set = <usize>u * <usize>rows * stride,
      row = <usize>u * stride;
    memory.copy(means, mean + row, stride);
    let c = 0;
    for (; c + 4 <= channels; c += 4) {
      const o = (<usize>c) << 2;
      sumOf4(dy + set + o, rows, stride, at(scratch, c));
      productsOf4(x + set + o, dy + set + o, rows, stride, v128.load(means + o), at(products, c));
    }
    for (; c < channels; c++) {
      const o = (<usize>c) << 2;
      store<f64>(at(scratch, c), sumOf1(dy + set + o, rows, stride));
      store<f64>(at(products, c), productsOf1(x + set + o, dy + set + o, rows, stride, load<f32>(means + o)));
    }
    for (c = 0; c < channels; c++) {
      const o = (<usize>c) << 2;
      const sum = load<f64>(at(scratch, c)),
        product = load<f64>(at(products, c)) * <f64>load<f32>(inverse + row + o);
      const weight = <f64>load<f32>(scale + o);
      store<f32>(shiftGradient + row + o, <f32>sum);
      store<f32>(scaleGradient + row + o, <f32>product);
      store<f64>(at(scratch, c), (sum * weight) / <f64>rows);
      store<f64>(at(products, c), (product * weight) / <f64>rows);
    }
    averageGroups(scratch, channels, groupSize);
    averageGroups(products, channels, groupSize);
    // dx = dy * slope - (x - mean) * curvature - offset
    for (c = 0; c < channels; c++) {
      const o = (<usize>c) << 2,
        k = <f64>load<f32>(inverse + row + o);
      store<f32>(slopes + o, <f32>(k * <f64>load<f32>(scale + o)));
      store<f32>(curvatures + o, <f32>(k * k * load<f64>(at(products, c))));
      store<f32>(offsets + o, <f32>(k * load<f64>(at(scratch, c))));
    }
    for (c = 0; c + 4 <= channels; c += 4) {
      const o = (<usize>c) << 2;
      const m = v128.load(means + o),
        s = v128.load(slopes + o),
        v = v128.load(curvatures + o),
        f = v128.load(offsets + o);
      let p = set + o;
      for (let r = 0; r < rows; r++) {
        v128.store(
          dx + p,
          f32x4.sub(f32x4.sub(f32x4.mul(v128.load(dy + p), s), f32x4.mul(f32x4.sub(v128.load(x + p), m), v)), f),
        );
        p += stride;
      }
    }
    for (; c < channels; c++) {
      const o = (<usize>c) << 2;
      const m = load<f32>(means + o),
        s = load<f32>(slopes + o),
        v = load<f32>(curvatures + o),
        f = load<f32>(offsets + o);
      let p = set + o;
      for (let r = 0; r < rows; r++) {
        store<f32>(dx + p, load<f32>(dy + p) * s - (load<f32>(x + p) - m) * v - f);
        p += stride;
      }
    }
  }
}
