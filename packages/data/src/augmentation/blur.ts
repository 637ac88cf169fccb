/**
 * Blurs one channel of an image with a Gaussian; beyond the border the outermost pixels are repeated.
 *
 * @param image [H, W, C], changed in place
 * @param sigma standard deviation in pixels, above 0
 */
export function blurChannel(
  image: Float32Array,
  [height, width]: readonly [number, number],
  channels: number,
  channel: number,
  sigma: number,
): void {
  const kernel = gaussian(sigma);
  const line = new Float64Array(Math.max(height, width));
  for (let row = 0; row < height; row++) {
    blurLine(image, row * width * channels + channel, channels, width, kernel, line);
  }
  for (let column = 0; column < width; column++) {
    blurLine(image, column * channels + channel, width * channels, height, kernel, line);
  }
}

/** The weights from the middle outwards, up to three standard deviations; with the mirrored half they add up to 1. */
function gaussian(sigma: number): Float64Array {
  const weights = Float64Array.from({ length: Math.ceil(3 * sigma) + 1 }, (_, distance) =>
    Math.exp(-(distance ** 2) / (2 * sigma ** 2)),
  );
  const sum = weights.reduce((total, weight, distance) => total + (distance === 0 ? weight : 2 * weight), 0);
  return weights.map((weight) => weight / sum);
}

function blurLine(
  image: Float32Array,
  start: number,
  step: number,
  length: number,
  kernel: Float64Array,
  line: Float64Array,
): void {
  for (let index = 0; index < length; index++) line[index] = image[start + index * step]!;
  for (let index = 0; index < length; index++) {
    let sum = kernel[0]! * line[index]!;
    for (let distance = 1; distance < kernel.length; distance++) {
      const before = line[Math.max(0, index - distance)]!;
      const after = line[Math.min(length - 1, index + distance)]!;
      sum += kernel[distance]! * (before + after);
    }
    image[start + index * step] = sum;
  }
}
