/**
 * The gradient of max pooling with windows of 2 x 2, stride 2, no padding, whole windows, channels a multiple of 4.
 * The first largest value of a window, in row-major order, receives the gradient. Units are rows of windows of all samples.
 */
export function maxPool2x2Gradient(
  x: usize,
  dy: usize,
  dx: usize,
  outWidth: i32,
  channels: i32,
  _scratch: usize,
  begin: i32,
  end: i32,
): void {
  const pixel = (<usize>channels) << 2;
  const row = <usize>2 * <usize>outWidth * pixel;
  for (let u = begin; u < end; u++) {
    for (let i = 0; i < outWidth; i++) {
      const base = <usize>u * 2 * row + <usize>i * 2 * pixel;
      const window = dy + (<usize>u * <usize>outWidth + <usize>i) * pixel;
      for (let c: usize = 0; c < pixel; c += 16) {
        const at = base + c;
        const v0 = v128.load(x + at),
          v1 = v128.load(x + at + pixel),
          v2 = v128.load(x + at + row),
          v3 = v128.load(x + at + row + pixel);
        const top = f32x4.max(f32x4.max(v0, v1), f32x4.max(v2, v3));
        const g = v128.load(window + c);
        const m0 = f32x4.eq(v0, top);
        const m1 = v128.andnot(f32x4.eq(v1, top), m0);
        const before2 = v128.or(m0, m1);
        const m2 = v128.andnot(f32x4.eq(v2, top), before2);
        const m3 = v128.andnot(f32x4.eq(v3, top), v128.or(before2, m2));
        v128.store(dx + at, v128.and(g, m0));
        v128.store(dx + at + pixel, v128.and(g, m1));
        v128.store(dx + at + row, v128.and(g, m2));
        v128.store(dx + at + row + pixel, v128.and(g, m3));
      }
    }
  }
}
