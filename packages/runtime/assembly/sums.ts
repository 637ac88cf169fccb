// Sums over rows of float32 values. Blocks of 64 rows are summed in single precision, the blocks in double precision:
// a plain single-precision sum over a batch of images would lose three of seven digits.

/** Sums `rows` rows, `stride` bytes apart, of 4 channels; returns the two low channels in `low`, the high ones after it. */
export function sumOf4(x: usize, rows: i32, stride: usize, out: usize): void {
  let low = f64x2.splat(0),
    high = f64x2.splat(0);
  while (rows > 0) {
    const block = min(rows, 64);
    let sum = f32x4.splat(0);
    for (let r = 0; r < block; r++) {
      sum = f32x4.add(sum, v128.load(x));
      x += stride;
    }
    low = f64x2.add(low, f64x2.promote_low_f32x4(sum));
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<i64>(sum, sum, 1, 0)));
    rows -= block;
  }
  v128.store(out, low);
  v128.store(out, high, 16);
}

/** The same of (x - mean)^2. */
export function squaresOf4(x: usize, rows: i32, stride: usize, mean: v128, out: usize): void {
  let low = f64x2.splat(0),
    high = f64x2.splat(0);
  while (rows > 0) {
    const block = min(rows, 64);
    let sum = f32x4.splat(0);
    for (let r = 0; r < block; r++) {
      const d = f32x4.sub(v128.load(x), mean);
      sum = f32x4.add(sum, f32x4.mul(d, d));
      x += stride;
    }
    low = f64x2.add(low, f64x2.promote_low_f32x4(sum));
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<i64>(sum, sum, 1, 0)));
    rows -= block;
  }
  v128.store(out, low);
  v128.store(out, high, 16);
}

export function sumOf1(x: usize, rows: i32, stride: usize): f64 {
  let sum: f64 = 0;
  for (let r = 0; r < rows; r++) {
    sum += <f64>load<f32>(x);
    x += stride;
  }
  return sum;
}

/** [outer, rows, channels] to [outer, channels]: the sums times `scale`. Units are outer indices. `scratch`: 32 bytes. */
export function sumRows(
  x: usize,
  out: usize,
  rows: i32,
  channels: i32,
  scale: f64,
  scratch: usize,
  begin: i32,
  end: i32,
): void {
  const stride = (<usize>channels) << 2;
  for (let u = begin; u < end; u++) {
    const set = x + <usize>u * <usize>rows * stride;
    const target = out + <usize>u * stride;
    if (channels === 1) {
      sumOf4(set, rows >> 2, 16, scratch);
      let sum = sumOf1(set + ((<usize>(rows & ~3)) << 2), rows & 3, 4);
      for (let k: usize = 0; k < 32; k += 8) sum += load<f64>(scratch + k);
      store<f32>(target, <f32>(sum * scale));
      continue;
    }
    let c = 0;
    for (; c + 4 <= channels; c += 4) {
      sumOf4(set + ((<usize>c) << 2), rows, stride, scratch);
      for (let k = 0; k < 4; k++) {
        store<f32>(target + ((<usize>(c + k)) << 2), <f32>(load<f64>(scratch + ((<usize>k) << 3)) * scale));
      }
    }
    for (; c < channels; c++) {
      store<f32>(target + ((<usize>c) << 2), <f32>(sumOf1(set + ((<usize>c) << 2), rows, stride) * scale));
    }
  }
}
