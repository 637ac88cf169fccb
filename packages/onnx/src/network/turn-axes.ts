/** Extents of an image without the order of its axes. */
interface Extents {
  batch: number;
  /** Rows times columns. */
  pixels: number;
  channels: number;
}

/** `[N, H, W, C]` as `[N, C, H, W]`. Where there is one channel, nothing moves. */
export function channelsFirst(values: Float32Array, { batch, pixels, channels }: Extents): Float32Array {
  return transposed(values, batch, pixels, channels);
}

/** `[N, C, H, W]` as `[N, H, W, C]`. Where there is one channel, nothing moves. */
export function channelsLast(values: Float32Array, { batch, pixels, channels }: Extents): Float32Array {
  return transposed(values, batch, channels, pixels);
}

/** `[N, rows, columns]` as `[N, columns, rows]`. */
function transposed(values: Float32Array, batch: number, rows: number, columns: number): Float32Array {
  if (rows === 1 || columns === 1) return values;
  const result = new Float32Array(values.length);
  for (let start = 0; start < values.length; start += values.length / batch) {
    for (let row = 0; row < rows; row++) {
      const source = start + row * columns;
      for (let column = 0; column < columns; column++) result[start + column * rows + row] = values[source + column]!;
    }
  }
  return result;
}
