// The transforms of Winograd's convolution F(4x4, 3x3): 4 x 4 outputs of a 3 x 3 filter from 6 x 6 inputs, by 36 products
// instead of 144. It evaluates polynomials at 0, ±√½, ±√2 and infinity. With these points its error is that of a plain
// sum in single precision; with the usual ones, 0, ±1, ±2 and infinity, it is five times as large.
// (A. Lavin and others, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016.)
//
// Each function transforms four channels along one axis: from values `from` bytes apart at p, to values `to` bytes apart
// at q. Applied to rows and then to columns it transforms a tile.
import { multiplyAdd } from './multiply-add';

const root: f32 = 1.4142135;
const halfRoot: f32 = 0.70710677;

function at(p: usize, step: usize, k: usize): v128 {
  return v128.load(p + k * step);
}

/** 6 inputs to 6 points. */
export function inputToPoints(p: usize, from: usize, q: usize, to: usize): void {
  const x1 = at(p, from, 1),
    x2 = at(p, from, 2),
    x3 = at(p, from, 3),
    x4 = at(p, from, 4);
  v128.store(q, f32x4.add(multiplyAdd(x2, f32x4.splat(-2.5), at(p, from, 0)), x4));
  v128.store(q + 5 * to, f32x4.add(multiplyAdd(x3, f32x4.splat(-2.5), x1), at(p, from, 5)));
  let even = multiplyAdd(x2, f32x4.splat(-2), x4),
    odd = f32x4.mul(multiplyAdd(x1, f32x4.splat(-2), x3), f32x4.splat(halfRoot));
  v128.store(q + to, f32x4.add(even, odd));
  v128.store(q + 2 * to, f32x4.sub(even, odd));
  even = multiplyAdd(x2, f32x4.splat(-0.5), x4);
  odd = f32x4.mul(multiplyAdd(x1, f32x4.splat(-0.5), x3), f32x4.splat(root));
  v128.store(q + 3 * to, f32x4.add(even, odd));
  v128.store(q + 4 * to, f32x4.sub(even, odd));
}

/** 3 values of a filter to 6 points. */
export function filterToPoints(p: usize, from: usize, q: usize, to: usize): void {
  const g0 = at(p, from, 0),
    g1 = at(p, from, 1),
    g2 = at(p, from, 2);
  v128.store(q, g0);
  let even = f32x4.mul(multiplyAdd(g2, f32x4.splat(0.5), g0), f32x4.splat(-2.0 / 3.0)),
    odd = f32x4.mul(g1, f32x4.splat((-2.0 / 3.0) * halfRoot));
  v128.store(q + to, f32x4.add(even, odd));
  v128.store(q + 2 * to, f32x4.sub(even, odd));
  even = f32x4.mul(multiplyAdd(g2, f32x4.splat(2), g0), f32x4.splat(1.0 / 6.0));
  odd = f32x4.mul(g1, f32x4.splat(root / 6.0));
  v128.store(q + 3 * to, f32x4.add(even, odd));
  v128.store(q + 4 * to, f32x4.sub(even, odd));
  v128.store(q + 5 * to, g2);
}

/** 4 gradients of outputs, which take the part of the filter in a filter's gradient, to 6 points. */
export function gradientToPoints(p: usize, from: usize, q: usize, to: usize): void {
  const g0 = at(p, from, 0),
    g1 = at(p, from, 1),
    g2 = at(p, from, 2),
    g3 = at(p, from, 3);
  v128.store(q, g0);
  let even = f32x4.mul(multiplyAdd(g2, f32x4.splat(0.5), g0), f32x4.splat(-2.0 / 3.0)),
    odd = f32x4.mul(multiplyAdd(g3, f32x4.splat(0.5), g1), f32x4.splat((-2.0 / 3.0) * halfRoot));
  v128.store(q + to, f32x4.add(even, odd));
  v128.store(q + 2 * to, f32x4.sub(even, odd));
  even = f32x4.mul(multiplyAdd(g2, f32x4.splat(2), g0), f32x4.splat(1.0 / 6.0));
  odd = f32x4.mul(multiplyAdd(g3, f32x4.splat(2), g1), f32x4.splat(root / 6.0));
  v128.store(q + 3 * to, f32x4.add(even, odd));
  v128.store(q + 4 * to, f32x4.sub(even, odd));
  v128.store(q + 5 * to, g3);
}

/** 6 points to 4 outputs. */
export function pointsToOutput(p: usize, from: usize, q: usize, to: usize): void {
  const m1 = at(p, from, 1),
    m2 = at(p, from, 2),
    m3 = at(p, from, 3),
    m4 = at(p, from, 4);
  const near = f32x4.add(m1, m2),
    far = f32x4.add(m3, m4);
  v128.store(q, f32x4.add(f32x4.add(at(p, from, 0), near), far));
  v128.store(q + 2 * to, multiplyAdd(near, f32x4.splat(0.5), f32x4.add(far, far)));
  const nearer = f32x4.mul(f32x4.sub(m1, m2), f32x4.splat(halfRoot)),
    farther = f32x4.mul(f32x4.sub(m3, m4), f32x4.splat(root));
  v128.store(q + to, f32x4.add(nearer, farther));
  v128.store(q + 3 * to, f32x4.add(multiplyAdd(nearer, f32x4.splat(0.5), f32x4.add(farther, farther)), at(p, from, 5)));
}

/** 6 points to 3 values of a filter's gradient. */
export function pointsToFilter(p: usize, from: usize, q: usize, to: usize): void {
  const m1 = at(p, from, 1),
    m2 = at(p, from, 2),
    m3 = at(p, from, 3),
    m4 = at(p, from, 4);
  const near = f32x4.add(m1, m2),
    far = f32x4.add(m3, m4);
  v128.store(q, f32x4.add(f32x4.add(at(p, from, 0), near), far));
  v128.store(
    q + to,
    multiplyAdd(f32x4.sub(m1, m2), f32x4.splat(halfRoot), f32x4.mul(f32x4.sub(m3, m4), f32x4.splat(root))),
  );
  v128.store(q + 2 * to, f32x4.add(multiplyAdd(near, f32x4.splat(0.5), f32x4.add(far, far)), at(p, from, 5)));
}
