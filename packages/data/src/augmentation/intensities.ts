import type { Random } from '../random/random.ts';
import { blurChannel } from './blur.ts';
import { drawn } from './draw-warp.ts';
import type { Augmentation } from './settings.ts';

/**
 * Changes the intensities of an image in place, each channel separately: blur, noise, brightness, gamma, in this order.
 *
 * @param image [H, W, C]
 * @param isBounded whether intensities are in [0, 1], as after normalisation by percentiles or a window; they then stay
 * there. Otherwise the range is that of the channel in this slice, and may be exceeded.
 */
export function changeIntensities(
  image: Float32Array,
  size: readonly [number, number],
  channels: number,
  augmentation: Augmentation,
  random: Random,
  isBounded: boolean,
): void {
  for (let channel = 0; channel < channels; channel++) {
    const of = (name: string): Random => random.fork(`${name} ${channel}`);
    const sigma = drawn(of('blur'), augmentation, 0, augmentation.blur);
    // A narrower one would change nothing within the precision of a float.
    if (sigma > 0.1) blurChannel(image, size, channels, channel, sigma);

    const noise = of('noise');
    const deviation = drawn(noise, augmentation, 0, augmentation.noise);
    if (deviation > 0) {
      const { low, high } = intensityRange(image, channels, channel, isBounded);
      const scale = deviation * (high - low);
      mapChannel(image, channels, channel, (value) => value + scale * noise.normal());
    }

    const factor = 1 + drawn(of('brightness'), augmentation, -augmentation.brightness, augmentation.brightness);
    if (factor !== 1) mapChannel(image, channels, channel, (value) => value * factor);
    if (isBounded && (deviation > 0 || factor !== 1)) {
      mapChannel(image, channels, channel, (value) => Math.min(1, Math.max(0, value)));
    }

    const limit = Math.log1p(augmentation.gamma);
    const exponent = Math.exp(drawn(of('gamma'), augmentation, -limit, limit));
    const { low, high } = intensityRange(image, channels, channel, isBounded);
    if (exponent !== 1 && high > low) {
      const extent = high - low;
      mapChannel(image, channels, channel, (value) => low + extent * ((value - low) / extent) ** exponent);
    }
  }
}

function intensityRange(
  image: Float32Array,
  channels: number,
  channel: number,
  isBounded: boolean,
): { low: number; high: number } {
  if (isBounded) return { low: 0, high: 1 };
  let [low, high] = [Infinity, -Infinity];
  for (let index = channel; index < image.length; index += channels) {
    low = Math.min(low, image[index]!);
    high = Math.max(high, image[index]!);
  }
  return { low, high };
}

function mapChannel(image: Float32Array, channels: number, channel: number, change: (value: number) => number): void {
  for (let index = channel; index < image.length; index += channels) image[index] = change(image[index]!);
}
