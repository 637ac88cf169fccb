// Convolutions of 3 x 3 with stride 1 by Winograd's F(4x4, 3x3); the transforms are in winograd-tiles.ts. At each of the 36
// points the products over the channels are a matrix product of tiles x channels by channels x outputs.
import { product4x8 } from './product';
import { filterToPoints, inputToPoints, pointsToOutput } from './winograd-tiles';
import { findTile, tileRow } from './winograd-padding';

/** A line of the processor's cache in bytes, added between points so that they do not compete for the same places in it. */
export const line: usize = 64;

/** The bytes from one point of a filter to the next. */
function pointStep(channels: i32, panels: i32): usize {
  return ((<usize>(panels * channels)) << 5) + line;
}

/**
 * A filter at the 36 points, in panels of 8 outputs: [36, ceil(outputs / 8), channels, 8], 64 bytes between the points.
 * `ofChannel` and `ofOutput` are the distances in bytes in the filter; `turned` 1 rotates it by half a turn, for the
 * gradient of the input. The number of outputs is a multiple of 4. Units are channels; `scratch`: 480 bytes.
 */
export function winogradFilter(
  filter: usize,
  points: usize,
  channels: i32,
  outputs: i32,
  ofChannel: i32,
  ofOutput: i32,
  turned: i32,
  scratch: usize,
  begin: i32,
  end: i32,
): void {
  const panels = (outputs + 7) >> 3;
  const step = pointStep(channels, panels);
  const tap = <usize>max(channels * ofChannel, outputs * ofOutput);
  const half = scratch + 144;
  for (let o = 0; o < panels << 3; o += 4) {
    for (let c = begin; c < end; c++) {
      const target = points + ((<usize>((o >> 3) * channels + c)) << 5) + ((<usize>(o & 4)) << 2);
      if (o >= outputs) {
        for (let k: usize = 0; k < 36; k++) v128.store(target + k * step, f32x4.splat(0));
        continue;
      }
      const source = filter + <usize>c * <usize>ofChannel + <usize>o * <usize>ofOutput;
      for (let k: usize = 0; k < 9; k++) {
        const p = source + (turned === 1 ? 8 - k : k) * tap;
        v128.store(scratch + (k << 4), loadApart(p, ofOutput));
      }
      for (let k: usize = 0; k < 3; k++) inline.always(filterToPoints(scratch + k * 16, 48, half + k * 16, 48));
      for (let k: usize = 0; k < 6; k++) inline.always(filterToPoints(half + k * 48, 16, target + 6 * k * step, step));
    }
  }
}

/** Four numbers `step` bytes apart. */
function loadApart(p: usize, step: usize): v128 {
  if (step === 4) return v128.load(p);
  let v = v128.load32_splat(p);
  v = v128.load_lane<f32>(p + step, v, 1);
  v = v128.load_lane<f32>(p + 2 * step, v, 2);
  return v128.load_lane<f32>(p + 3 * step, v, 3);
}

/** Writes one row of up to 4 pixels, `pixel` bytes apart, after the bias (0: none) and ReLU. */
function writeRow(row: usize, y: usize, pixel: usize, columns: i32, bias: usize, relu: i32): void {
  for (let k = 0; k < columns; k++) {
    let v = v128.load(row);
    if (bias !== 0) v = f32x4.add(v, v128.load(bias));
    if (relu === 1) v = f32x4.max(v, f32x4.splat(0));
    v128.store(y, v);
    row += 16;
    y += pixel;
  }
}

/**
 * Convolves [N, height, width, channels] to [N, outHeight, outWidth, outputs] with the `points` of {@link winogradFilter};
 * then adds the `bias` (0: none) and takes ReLU (`relu` 1). Channels and outputs are multiples of 4. `block`, a multiple
 * of 4, is how many tiles are taken at once. Units are the tiles of all samples, ceil(outHeight / 4) x ceil(outWidth / 4)
 * each; `scratch` holds 36 * (block * (channels + 8 * ceil(outputs / 8)) + channels + 32) floats and 1536 bytes.
 */
export function winogradConvolution(
  x: usize,
  points: usize,
  bias: usize,
  y: usize,
  height: i32,
  width: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  outputs: i32,
  padTop: i32,
  padLeft: i32,
  relu: i32,
  block: i32,
  scratch: usize,
  begin: i32,
  end: i32,
): void {
  const pixel = (<usize>channels) << 2,
    outPixel = (<usize>outputs) << 2;
  const panels = (outputs + 7) >> 3;
  const productRow = (<usize>panels) << 5;
  const panelSize = pixel << 3;
  const inputStep = <usize>block * pixel + line,
    productStep = <usize>block * productRow + line;
  const half = scratch,
    inputs = scratch + 1536,
    products = inputs + 36 * inputStep,
    spare = products + 36 * productStep;
  const across = (outWidth + 3) >> 2,
    perSample = ((outHeight + 3) >> 2) * across;
  for (let first = begin; first < end; first += block) {
    const count = min(block, end - first);
    for (let t = 0; t < count; t++) {
      const n = (first + t) / perSample,
        inSample = (first + t) % perSample;
      const top = (inSample / across) * 4 - padTop,
        left = (inSample % across) * 4 - padLeft;
      const sample = x + <usize>n * <usize>(height * width) * pixel;
      const tile = findTile(sample, height, width, pixel, top, left, 6, spare);
      const row = tileRow(height, width, pixel, top, left, 6);
      const target = inputs + <usize>t * pixel;
      for (let c: usize = 0; c < pixel; c += 16) {
        for (let k: usize = 0; k < 6; k++) inline.always(inputToPoints(tile + c + k * pixel, row, half + k * 16, 96));
        for (let k: usize = 0; k < 6; k++) {
          inline.always(inputToPoints(half + k * 96, 16, target + c + 6 * k * inputStep, inputStep));
        }
      }
    }
    for (let k: usize = 0; k < 36; k++) {
      const from = inputs + k * inputStep,
        to = products + k * productStep;
      let panel = points + k * pointStep(channels, panels);
      for (let o: usize = 0; o < productRow; o += 32) {
        for (let t = 0; t < count; t += 4) {
          product4x8(from + <usize>t * pixel, pixel, panel, channels, to + <usize>t * productRow + o, productRow);
        }
        panel += panelSize;
      }
    }
    for (let t = 0; t < count; t++) {
      const n = (first + t) / perSample,
        inSample = (first + t) % perSample;
      const top = (inSample / across) * 4,
        left = (inSample % across) * 4;
      const rows = min(4, outHeight - top),
        columns = min(4, outWidth - left);
      const source = products + <usize>t * productRow;
      const target = y + <usize>((n * outHeight + top) * outWidth + left) * outPixel;
      for (let o: usize = 0; o < outPixel; o += 16) {
        for (let k: usize = 0; k < 6; k++) {
          inline.always(pointsToOutput(source + o + k * productStep, 6 * productStep, half + k * 16, 96));
        }
        for (let r = 0; r < rows; r++) {
          inline.always(pointsToOutput(half + <usize>r * 96, 16, half + 1024, 16));
          writeRow(
            half + 1024,
            target + o + <usize>(r * outWidth) * outPixel,
            outPixel,
            columns,
            bias === 0 ? 0 : bias + o,
            relu,
          );
        }
      }
    }
  }
}
