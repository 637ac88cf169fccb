// The gradient of a convolution with respect to its input where the windows do not overlap and cover it (stride = filter),
// which is also the usual transposed convolution: each pixel of dy becomes a block of filterHeight x filterWidth pixels.
import { product4x8 } from './product';

/**
 * A filter [rows, channels] as panels of 8 rows, [rows / 8, channels, 8]. Units are panels.
 */
export function packRows(filter: usize, panels: usize, channels: i32, _scratch: usize, begin: i32, end: i32): void {
  const row = (<usize>channels) << 2;
  for (let panel = begin; panel < end; panel++) {
    const source = filter + ((<usize>panel * row) << 3),
      target = panels + ((<usize>panel * row) << 3);
    for (let c: usize = 0; c < <usize>channels; c++) {
      for (let k: usize = 0; k < 8; k++) {
        store<f32>(target + (c << 5) + (k << 2), load<f32>(source + k * row + (c << 2)));
      }
    }
  }
}

/**
 * Spreads rows of `width` pixels (at least 4) of `channels` values (a multiple of 4) to blocks of `height` rows with
 * `strip` bytes each, a multiple of 32. `panels` is the filter [height, strip / 4, channels] packed by {@link packRows}.
 * Units are the rows of all samples.
 */
export function spreadBlocks(
  dy: usize,
  panels: usize,
  dx: usize,
  width: i32,
  channels: i32,
  height: i32,
  strip: i32,
  _scratch: usize,
  begin: i32,
  end: i32,
): void {
  const pixel = (<usize>channels) << 2;
  const size = pixel << 3;
  const row = <usize>width * <usize>strip;
  for (let r = begin; r < end; r++) {
    const source = dy + <usize>(r * width) * pixel;
    let target = dx + <usize>(r * height) * row,
      panel = panels;
    for (let ky = 0; ky < height; ky++) {
      for (let o: usize = 0; o < <usize>strip; o += 32) {
        for (let i = 0; i < width; i += 4) {
          // The last four pixels overlap with those before where the width is no multiple of 4.
          const at = <usize>min(i, width - 4);
          product4x8(source + at * pixel, pixel, panel, channels, target + at * <usize>strip + o, <usize>strip);
        }
        panel += size;
      }
      target += row;
    }
  }
}
