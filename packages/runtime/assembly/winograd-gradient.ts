// The gradient of a filter of 3 x 3, stride 1, by Winograd's F(3x3, 4x4), with the transforms of winograd-tiles.ts: 3 x 3
// values from 6 x 6 inputs and 4 x 4 gradients. At each of the 36 points it is a matrix product over the tiles.
import { multiplyAdd } from './multiply-add';
import { line } from './winograd';
import { findTile, tileRow } from './winograd-padding';
import { gradientToPoints, inputToPoints, pointsToFilter } from './winograd-tiles';

/** Adds, over `count` tiles, the outer products of 4 input values (16 bytes a tile) and 8 gradients (32 bytes a tile). */
function addProducts4x8(a: usize, b: usize, count: i32, out: usize, outRow: usize): void {
  const out1 = out + outRow,
    out2 = out1 + outRow,
    out3 = out2 + outRow;
  let c00 = v128.load(out),
    c01 = v128.load(out, 16),
    c10 = v128.load(out1),
    c11 = v128.load(out1, 16);
  let c20 = v128.load(out2),
    c21 = v128.load(out2, 16),
    c30 = v128.load(out3),
    c31 = v128.load(out3, 16);
  for (; count > 0; count--) {
    const b0 = v128.load(b),
      b1 = v128.load(b, 16);
    let v = v128.load32_splat(a);
    c00 = multiplyAdd(v, b0, c00);
    c01 = multiplyAdd(v, b1, c01);
    v = v128.load32_splat(a, 4);
    c10 = multiplyAdd(v, b0, c10);
    c11 = multiplyAdd(v, b1, c11);
    v = v128.load32_splat(a, 8);
    c20 = multiplyAdd(v, b0, c20);
    c21 = multiplyAdd(v, b1, c21);
    v = v128.load32_splat(a, 12);
    c30 = multiplyAdd(v, b0, c30);
    c31 = multiplyAdd(v, b1, c31);
    a += 16;
    b += 32;
  }
  v128.store(out, c00);
  v128.store(out, c01, 16);
  v128.store(out1, c10);
  v128.store(out1, c11, 16);
  v128.store(out2, c20);
  v128.store(out2, c21, 16);
  v128.store(out3, c30);
  v128.store(out3, c31, 16);
}

/**
 * The gradient [3, 3, channels, outputs] of a filter between [N, height, width, channels] and the gradients
 * [N, outHeight, outWidth, outputs]. Channels are a multiple of 4, outputs of 8. `block` is how many tiles are taken at
 * once; their products are summed before they are added to the sum over all. `sums` holds 36 * (channels * outputs + 16)
 * floats. Units are groups of 4 channels; `scratch` holds 36 * (block * (outputs + units' channels) + 32) +
 * 36 * max(channels, outputs) floats and 1536 bytes.
 */
export function winogradFilterGradient(
  x: usize,
  dy: usize,
  dw: usize,
  sums: usize,
  samples: i32,
  height: i32,
  width: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  outputs: i32,
  padTop: i32,
  padLeft: i32,
  block: i32,
  scratch: usize,
  begin: i32,
  end: i32,
): void {
  const pixel = (<usize>channels) << 2,
    outPixel = (<usize>outputs) << 2;
  const groups = <usize>(end - begin);
  const group = (<usize>block) << 4,
    panel = (<usize>block) << 5;
  const inputStep = groups * group + line,
    gradientStep = (outPixel >> 5) * panel + line,
    sumStep = pixel * <usize>outputs + line;
  const half = scratch,
    inputs = scratch + 1536,
    gradients = inputs + 36 * inputStep,
    spare = gradients + 36 * gradientStep;
  const own = (<usize>begin) << 4;
  for (let k: usize = 0; k < 36; k++) {
    memory.fill(sums + k * sumStep + ((<usize>begin) << 2) * outPixel, 0, (groups << 2) * outPixel);
  }
  const across = (outWidth + 3) >> 2,
    perSample = ((outHeight + 3) >> 2) * across,
    tiles = samples * perSample;
  for (let first = 0; first < tiles; first += block) {
    const count = min(block, tiles - first);
    for (let t = 0; t < count; t++) {
      const n = <usize>((first + t) / perSample),
        inSample = (first + t) % perSample;
      const top = (inSample / across) * 4,
        left = (inSample % across) * 4;
      const sample = x + n * <usize>(height * width) * pixel;
      let tile = findTile(sample, height, width, pixel, top - padTop, left - padLeft, 6, spare);
      let row = tileRow(height, width, pixel, top - padTop, left - padLeft, 6);
      for (let g: usize = 0; g < groups; g++) {
        const from = tile + own + (g << 4),
          to = inputs + g * group + ((<usize>t) << 4);
        for (let k: usize = 0; k < 6; k++) inline.always(inputToPoints(from + k * pixel, row, half + k * 16, 96));
        for (let k: usize = 0; k < 6; k++) {
          inline.always(inputToPoints(half + k * 96, 16, to + 6 * k * inputStep, inputStep));
        }
      }
      const outSample = dy + n * <usize>(outHeight * outWidth) * outPixel;
      tile = findTile(outSample, outHeight, outWidth, outPixel, top, left, 4, spare);
      row = tileRow(outHeight, outWidth, outPixel, top, left, 4);
      for (let o: usize = 0; o < outPixel; o += 16) {
        const to = gradients + (o >> 5) * panel + ((<usize>t) << 5) + (o & 16);
        for (let k: usize = 0; k < 4; k++) {
          inline.always(gradientToPoints(tile + o + k * outPixel, row, half + k * 16, 96));
        }
        for (let k: usize = 0; k < 6; k++) {
          inline.always(gradientToPoints(half + k * 96, 16, to + 6 * k * gradientStep, gradientStep));
        }
      }
    }
    for (let k: usize = 0; k < 36; k++) {
      for (let g: usize = 0; g < groups; g++) {
        const target = sums + k * sumStep + (own + (g << 4)) * <usize>outputs;
        let b = gradients + k * gradientStep;
        for (let o: usize = 0; o < outPixel; o += 32) {
          addProducts4x8(inputs + k * inputStep + g * group, b, count, target + o, outPixel);
          b += panel;
        }
      }
    }
  }
  for (let c: usize = (<usize>begin) << 2; c < (<usize>end) << 2; c++) {
    for (let o: usize = 0; o < outPixel; o += 16) {
      const from = sums + c * outPixel + o,
        to = dw + c * outPixel + o;
      const tap = pixel * <usize>outputs;
      for (let k: usize = 0; k < 6; k++) pointsToFilter(from + k * sumStep, 6 * sumStep, half + k * 16, 96);
      for (let k: usize = 0; k < 3; k++) pointsToFilter(half + k * 96, 16, to + 3 * k * tap, tap);
    }
  }
}
