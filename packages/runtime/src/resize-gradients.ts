import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';

/** Where a resizing samples its input. */
export interface ResizingRules {
  alignCorners: boolean;
  halfPixelCenters: boolean;
}

/** The sizes and rules of a resizing from `[N, height, width, C]` to `[N, outHeight, outWidth, C]`. */
export interface Resizing extends ResizingRules {
  samples: number;
  height: number;
  width: number;
  channels: number;
  outHeight: number;
  outWidth: number;
}

/** Reads the sizes and rules of a resizing from the call of its gradient's kernel. */
export function readResizing(images: TensorInfo, dy: TensorInfo, attrs: NamedAttrMap): Resizing {
  const [samples, height, width, channels] = images.shape as [number, number, number, number];
  const [, outHeight, outWidth] = dy.shape as [number, number, number, number];
  const flag = (name: string): boolean => attrs[name] === true;
  const rules = { alignCorners: flag('alignCorners'), halfPixelCenters: flag('halfPixelCenters') };
  return { samples, height, width, channels, outHeight, outWidth, ...rules };
}

/** The sources of one output row or column: `(1 - weight) * input[low] + weight * input[high]`. */
export interface Tap {
  low: number;
  high: number;
  weight: number;
}

function computeScale(size: number, outSize: number, alignCorners: boolean): number {
  return alignCorners && outSize > 1 ? (size - 1) / (outSize - 1) : size / outSize;
}

/** The sources of each output row (or column) in nearest-neighbour resizing. */
export function nearestTaps(size: number, outSize: number, { alignCorners, halfPixelCenters }: ResizingRules): Tap[] {
  const scale = computeScale(size, outSize, alignCorners);
  return Array.from({ length: outSize }, (_, k) => {
    const position = halfPixelCenters ? (k + 0.5) * scale : k * scale;
    const nearest = Math.min(size - 1, alignCorners ? Math.round(position) : Math.floor(position));
    return { low: nearest, high: nearest, weight: 0 };
  });
}

/** The sources of each output row (or column) in bilinear resizing. */
export function bilinearTaps(size: number, outSize: number, { alignCorners, halfPixelCenters }: ResizingRules): Tap[] {
  const scale = computeScale(size, outSize, alignCorners);
  return Array.from({ length: outSize }, (_, k) => {
    const position = halfPixelCenters ? Math.max(0, (k + 0.5) * scale - 0.5) : k * scale;
    const low = Math.min(size - 1, Math.floor(position));
    return { low, high: Math.min(size - 1, low + 1), weight: position - Math.floor(position) };
  });
}

/** Adds the gradient of a nearest-neighbour resizing to `dx`, `[N, height, width, C]`. */
export function nearestGradient(dy: Float32Array, dx: Float32Array, r: Resizing): void {
  const rows = nearestTaps(r.height, r.outHeight, r);
  const columns = nearestTaps(r.width, r.outWidth, r);
  let from = 0;
  for (let n = 0; n < r.samples; n++) {
    for (const row of rows) {
      for (const column of columns) {
        const to = ((n * r.height + row.low) * r.width + column.low) * r.channels;
        for (let c = 0; c < r.channels; c++) dx[to + c]! += dy[from++]!;
      }
    }
  }
}

/** Adds the gradient of a bilinear resizing to `dx`, `[N, height, width, C]`. */
export function bilinearGradient(dy: Float32Array, dx: Float32Array, r: Resizing): void {
  const rows = bilinearTaps(r.height, r.outHeight, r);
  const columns = bilinearTaps(r.width, r.outWidth, r);
  let from = 0;
  for (let n = 0; n < r.samples; n++) {
    for (const row of rows) {
      const top = (n * r.height + row.low) * r.width;
      const bottom = (n * r.height + row.high) * r.width;
      for (const column of columns) {
        const topLeft = (top + column.low) * r.channels;
        const topRight = (top + column.high) * r.channels;
        const bottomLeft = (bottom + column.low) * r.channels;
        const bottomRight = (bottom + column.high) * r.channels;
        const [down, right] = [row.weight, column.weight];
        for (let c = 0; c < r.channels; c++) {
          const g = dy[from++]!;
          dx[topLeft + c]! += g * (1 - down) * (1 - right);
          dx[topRight + c]! += g * (1 - down) * right;
          dx[bottomLeft + c]! += g * down * (1 - right);
          dx[bottomRight + c]! += g * down * right;
        }
      }
    }
  }
}
