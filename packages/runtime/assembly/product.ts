import { multiplyAdd } from './multiply-add';

/**
 * The product of 4 rows of `channels` values (a multiple of 4), `row` bytes apart, by a panel [channels, 8]: 4 rows of 8
 * values, `outRow` bytes apart.
 */
export function product4x8(a: usize, row: usize, panel: usize, channels: i32, out: usize, outRow: usize): void {
  let c00 = f32x4.splat(0),
    c01 = f32x4.splat(0),
    c10 = f32x4.splat(0),
    c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0),
    c21 = f32x4.splat(0),
    c30 = f32x4.splat(0),
    c31 = f32x4.splat(0);
  let a1 = a + row,
    a2 = a1 + row,
    a3 = a2 + row;
  const end = a + ((<usize>channels) << 2);
  // Four channels at a time, with offsets that are part of the instructions.
  for (; a < end; a += 16) {
    let b0 = v128.load(panel),
      b1 = v128.load(panel, 16);
    let v = v128.load32_splat(a);
    c00 = multiplyAdd(v, b0, c00);
    c01 = multiplyAdd(v, b1, c01);
    v = v128.load32_splat(a1);
    c10 = multiplyAdd(v, b0, c10);
    c11 = multiplyAdd(v, b1, c11);
    v = v128.load32_splat(a2);
    c20 = multiplyAdd(v, b0, c20);
    c21 = multiplyAdd(v, b1, c21);
    v = v128.load32_splat(a3);
    c30 = multiplyAdd(v, b0, c30);
    c31 = multiplyAdd(v, b1, c31);
    b0 = v128.load(panel, 32);
    b1 = v128.load(panel, 48);
    v = v128.load32_splat(a, 4);
    c00 = multiplyAdd(v, b0, c00);
    c01 = multiplyAdd(v, b1, c01);
    v = v128.load32_splat(a1, 4);
    c10 = multiplyAdd(v, b0, c10);
    c11 = multiplyAdd(v, b1, c11);
    v = v128.load32_splat(a2, 4);
    c20 = multiplyAdd(v, b0, c20);
    c21 = multiplyAdd(v, b1, c21);
    v = v128.load32_splat(a3, 4);
    c30 = multiplyAdd(v, b0, c30);
    c31 = multiplyAdd(v, b1, c31);
    b0 = v128.load(panel, 64);
    b1 = v128.load(panel, 80);
    v = v128.load32_splat(a, 8);
    c00 = multiplyAdd(v, b0, c00);
    c01 = multiplyAdd(v, b1, c01);
    v = v128.load32_splat(a1, 8);
    c10 = multiplyAdd(v, b0, c10);
    c11 = multiplyAdd(v, b1, c11);
    v = v128.load32_splat(a2, 8);
    c20 = multiplyAdd(v, b0, c20);
    c21 = multiplyAdd(v, b1, c21);
    v = v128.load32_splat(a3, 8);
    c30 = multiplyAdd(v, b0, c30);
    c31 = multiplyAdd(v, b1, c31);
    b0 = v128.load(panel, 96);
    b1 = v128.load(panel, 112);
    v = v128.load32_splat(a, 12);
    c00 = multiplyAdd(v, b0, c00);
    c01 = multiplyAdd(v, b1, c01);
    v = v128.load32_splat(a1, 12);
    c10 = multiplyAdd(v, b0, c10);
    c11 = multiplyAdd(v, b1, c11);
    v = v128.load32_splat(a2, 12);
    c20 = multiplyAdd(v, b0, c20);
    c21 = multiplyAdd(v, b1, c21);
    v = v128.load32_splat(a3, 12);
    c30 = multiplyAdd(v, b0, c30);
    c31 = multiplyAdd(v, b1, c31);
    a1 += 16;
    a2 += 16;
    a3 += 16;
    panel += 128;
  }
  v128.store(out, c00);
  v128.store(out, c01, 16);
  out += outRow;
  v128.store(out, c10);
  v128.store(out, c11, 16);
  out += outRow;
  v128.store(out, c20);
  v128.store(out, c21, 16);
  out += outRow;
  v128.store(out, c30);
  v128.store(out, c31, 16);
}
