// The gradient of a convolution with respect to its filter, [N, H, W, C] and [N, OH, OW, O] to [KH, KW, C, O].
//
// For one filter row ky the filter columns and input channels (kx, c) lie side by side both in the filter and in a row of
// the input, so that each pixel contributes the outer product of KW * C neighbouring input values with its O gradients:
// a matrix product whose left operand needs no copy, except for the zeros around the border.
import { multiplyAdd } from './multiply-add';

/** Adds, over rows * columns pixels, the outer products of 4 input values and 8 gradients. */
function tile4x8(
  a: usize,
  aRow: usize,
  aPixel: usize,
  b: usize,
  bPixel: usize,
  rows: i32,
  columns: i32,
  out: usize,
  outRow: usize,
): void {
  let c00 = f32x4.splat(0),
    c01 = f32x4.splat(0),
    c10 = f32x4.splat(0),
    c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0),
    c21 = f32x4.splat(0),
    c30 = f32x4.splat(0),
    c31 = f32x4.splat(0);
  for (let r = 0; r < rows; r++) {
    let p = a;
    for (let i = 0; i < columns; i++) {
      const b0 = v128.load(b),
        b1 = v128.load(b, 16);
      const a0 = v128.load32_splat(p),
        a1 = v128.load32_splat(p, 4),
        a2 = v128.load32_splat(p, 8),
        a3 = v128.load32_splat(p, 12);
      c00 = multiplyAdd(a0, b0, c00);
      c01 = multiplyAdd(a0, b1, c01);
      c10 = multiplyAdd(a1, b0, c10);
      c11 = multiplyAdd(a1, b1, c11);
      c20 = multiplyAdd(a2, b0, c20);
      c21 = multiplyAdd(a2, b1, c21);
      c30 = multiplyAdd(a3, b0, c30);
      c31 = multiplyAdd(a3, b1, c31);
      p += aPixel;
      b += bPixel;
    }
    a += aRow;
  }
  accumulate(out, c00, c01);
  accumulate(out + outRow, c10, c11);
  accumulate(out + 2 * outRow, c20, c21);
  accumulate(out + 3 * outRow, c30, c31);
}

function accumulate(out: usize, low: v128, high: v128): void {
  v128.store(out, f32x4.add(v128.load(out), low));
  v128.store(out, f32x4.add(v128.load(out, 16), high), 16);
}

/** Adds, over rows * columns pixels, one input value times 4 gradients. */
function tile1x4(
  a: usize,
  aRow: usize,
  aPixel: usize,
  b: usize,
  bPixel: usize,
  rows: i32,
  columns: i32,
  out: usize,
): void {
  let sum = f32x4.splat(0);
  for (let r = 0; r < rows; r++) {
    let p = a;
    for (let i = 0; i < columns; i++) {
      sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(p), v128.load(b)));
      p += aPixel;
      b += bPixel;
    }
    a += aRow;
  }
  v128.store(out, f32x4.add(v128.load(out), sum));
}

/** Adds, over rows * columns pixels, 4 input values times one gradient, to 4 rows of the filter. */
function tile4x1(
  a: usize,
  aRow: usize,
  aPixel: usize,
  b: usize,
  bPixel: usize,
  rows: i32,
  columns: i32,
  out: usize,
  outRow: usize,
): void {
  let sum = f32x4.splat(0);
  for (let r = 0; r < rows; r++) {
    let p = a;
    for (let i = 0; i < columns; i++) {
      sum = f32x4.add(sum, f32x4.mul(v128.load(p), v128.load32_splat(b)));
      p += aPixel;
      b += bPixel;
    }
    a += aRow;
  }
  store<f32>(out, load<f32>(out) + f32x4.extract_lane(sum, 0));
  store<f32>(out + outRow, load<f32>(out + outRow) + f32x4.extract_lane(sum, 1));
  store<f32>(out + 2 * outRow, load<f32>(out + 2 * outRow) + f32x4.extract_lane(sum, 2));
  store<f32>(out + 3 * outRow, load<f32>(out + 3 * outRow) + f32x4.extract_lane(sum, 3));
}

/** Adds, over rows * columns pixels, one input value times one gradient. */
function tile1x1(
  a: usize,
  aRow: usize,
  aPixel: usize,
  b: usize,
  bPixel: usize,
  rows: i32,
  columns: i32,
  out: usize,
): void {
  let sum: f32 = 0;
  for (let r = 0; r < rows; r++) {
    let p = a;
    for (let i = 0; i < columns; i++) {
      sum += load<f32>(p) * load<f32>(b);
      p += aPixel;
      b += bPixel;
    }
    a += aRow;
  }
  store<f32>(out, load<f32>(out) + sum);
}

/** Copies `rows` rows of one sample, from input row `first` on, into `out`, with zeros where the padding is. */
function copyPadded(
  x: usize,
  out: usize,
  first: i32,
  rows: i32,
  inHeight: i32,
  inRow: i32,
  left: i32,
  outRow: i32,
): void {
  const copied = min(inRow, outRow - left);
  for (let r = 0; r < rows; r++) {
    const y = first + r;
    if (y < 0 || y >= inHeight) {
      memory.fill(out, 0, outRow << 2);
    } else {
      memory.fill(out, 0, left << 2);
      memory.copy(out + (left << 2), x + ((<usize>(y * inRow)) << 2), copied << 2);
      memory.fill(out + ((left + copied) << 2), 0, (outRow - left - copied) << 2);
    }
    out += outRow << 2;
  }
}

/**
 * Computes the tiles [begin, end) of the filter's gradient; a tile is 4 consecutive values of (kx, c) in one filter row.
 * `scratch` holds ((chunk - 1) * strideHeight + KH) padded rows; `chunk` is how many rows of gradients are taken at once.
 */
export function filterGradient(
  x: usize,
  dy: usize,
  dw: usize,
  samples: i32,
  inHeight: i32,
  inWidth: i32,
  inChannels: i32,
  outHeight: i32,
  outWidth: i32,
  outChannels: i32,
  filterHeight: i32,
  filterWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  padTop: i32,
  padLeft: i32,
  chunk: i32,
  scratch: usize,
  begin: i32,
  end: i32,
): void {
  const across = filterWidth * inChannels;
  const tiles = (across + 3) >> 2;
  const outRow = (<usize>outChannels) << 2;
  for (let t = begin; t < end; t++) {
    const j = (t % tiles) << 2;
    memory.fill(dw + <usize>((t / tiles) * across + j) * outRow, 0, <usize>min(4, across - j) * outRow);
  }
  const inRow = inWidth * inChannels;
  const paddedRow = ((outWidth - 1) * strideWidth + filterWidth) * inChannels;
  const asItIs =
    padTop === 0 && padLeft === 0 && paddedRow <= inRow && (outHeight - 1) * strideHeight + filterHeight <= inHeight;
  const aPixel = (<usize>(strideWidth * inChannels)) << 2;
  const xRow = (<usize>(asItIs ? inRow : paddedRow)) << 2;
  const aRow = <usize>strideHeight * xRow;
  for (let n = 0; n < samples; n++) {
    const sample = x + ((<usize>(n * inHeight * inRow)) << 2);
    for (let oy = 0; oy < outHeight; oy += chunk) {
      const rows = min(chunk, outHeight - oy);
      let source = sample + ((<usize>(oy * strideHeight * inRow)) << 2);
      if (!asItIs) {
        copyPadded(
          sample,
          scratch,
          oy * strideHeight - padTop,
          (rows - 1) * strideHeight + filterHeight,
          inHeight,
          inRow,
          padLeft * inChannels,
          paddedRow,
        );
        source = scratch;
      }
      const gradients = dy + <usize>((n * outHeight + oy) * outWidth) * outRow;
      for (let t = begin; t < end; t++) {
        const ky = t / tiles;
        const j = (t % tiles) << 2;
        const count = min(4, across - j);
        const a = source + <usize>ky * xRow + ((<usize>j) << 2);
        const out = dw + <usize>(ky * across + j) * outRow;
        let o = 0;
        if (count === 4) {
          for (; o + 8 <= outChannels; o += 8) {
            tile4x8(a, aRow, aPixel, gradients + (o << 2), outRow, rows, outWidth, out + (o << 2), outRow);
          }
        }
        for (; o + 4 <= outChannels; o += 4) {
          for (let k = 0; k < count; k++) {
            tile1x4(
              a + (k << 2),
              aRow,
              aPixel,
              gradients + (o << 2),
              outRow,
              rows,
              outWidth,
              out + <usize>k * outRow + (o << 2),
            );
          }
        }
        for (; o < outChannels; o++) {
          if (count === 4) {
            tile4x1(a, aRow, aPixel, gradients + (o << 2), outRow, rows, outWidth, out + (o << 2), outRow);
          } else {
            for (let k = 0; k < count; k++) {
              tile1x1(
                a + (k << 2),
                aRow,
                aPixel,
                gradients + (o << 2),
                outRow,
                rows,
                outWidth,
                out + <usize>k * outRow + (o << 2),
              );
            }
          }
        }
      }
    }
  }
}
