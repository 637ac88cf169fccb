/** Extents of an image without the order of its axes. */
interface Extents {
  batch: number;
  /** Rows times columns. */
  pixels: number;
  channels: number;
}

/** `[N, H, W, C]` as `[N, C, H, W]`. Where there is one channel, nothing moves. */
export function channelsFirst(values: Float32Array, { batch, pixels, channels }: Extents): Float32Array {
  if (channels === 1) return values;
  const result = new Float32Array(values.length);
  for (let slice = 0; slice < batch; slice++) {
    const start = slice * pixels * channels;
    for (let channel = 0; channel < channels; channel++) {
      const target = start + channel * pixels;
      for (let pixel = 0; pixel < pixels; pixel++) result[target + pixel] = values[start + pixel * channels + channel]!;
    }
  }
  return result;
}

/** `[N, C, H, W]` as `[N, H, W, C]`. Where there is one channel, nothing moves. */
export function channelsLast(values: Float32Array, { batch, pixels, channels }: Extents): Float32Array {
  if (channels === 1) return values;
  const result = new Float32Array(values.length);
  for (let slice = 0; slice < batch; slice++) {
    const start = slice * pixels * channels;
    for (let channel = 0; channel < channels; channel++) {
      const source = start + channel * pixels;
      for (let pixel = 0; pixel < pixels; pixel++) result[start + pixel * channels + channel] = values[source + pixel]!;
    }
  }
  return result;
}
