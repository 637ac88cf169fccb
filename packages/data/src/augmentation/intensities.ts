import type { Random } from '../random/random.ts';
import { blurChannel } from './blur.ts';
import { drawn } from './draw-warp.ts';
import { changeContrast, changeGamma, extremes, type Range } from './intensity-curves.ts';
import { lowerResolution } from './low-resolution.ts';
import { probabilityOf, type Augmentation, type AugmentationChange } from './settings.ts';
import type { AugmentedSlice } from './warp.ts';

/**
 * Changes the intensities of an image in place, each channel separately: blur, noise, brightness, contrast, resolution,
 * gamma of the inverted image, gamma, in this order. What belongs to one channel of several context slices is drawn and
 * measured once for all of them, so that they stay slices of one scan; their noise differs.
 *
 * @param isBounded whether intensities are in [0, 1], as after normalisation by percentiles or a window; they then stay
 * there. Otherwise the range is that of the channel in this slice, and may be exceeded.
 */
export function changeIntensities(
  { image, size, channels, contextSlices = 1 }: Pick<AugmentedSlice, 'image' | 'size' | 'channels' | 'contextSlices'>,
  augmentation: Augmentation,
  random: Random,
  isBounded: boolean,
): void {
  const ownChannels = channels / contextSlices;
  for (let channel = 0; channel < ownChannels; channel++) {
    const draw = drawIntensities(augmentation, random, channel);
    if (!draw) continue;
    if (channels === 1) {
      applyDraw(image, size, draw, isBounded);
      continue;
    }
    const values = gather(image, channels, channel, ownChannels);
    applyDraw(values, size, draw, isBounded);
    scatter(values, image, channels, channel, ownChannels);
  }
}

/** The changes of one channel. */
interface IntensityDraw {
  /** Standard deviation in pixels; 0 for none, as with the other changes below. */
  readonly blur: number;
  /** Standard deviation as a fraction of the range. */
  readonly noise: number;
  /** Where the noise itself comes from. */
  readonly noiseSource: Random;
  /** The factor minus 1. */
  readonly brightness: number;
  /** The factor minus 1. */
  readonly contrast: number;
  /** The loss of resolution. */
  readonly lowResolution: number;
  /** The logarithm of the exponent. */
  readonly invertedGamma: number;
  /** The logarithm of the exponent. */
  readonly gamma: number;
  readonly isRetained: boolean;
}

/** @returns `undefined` if the channel stays as it is */
function drawIntensities(augmentation: Augmentation, random: Random, channel: number): IntensityDraw | undefined {
  // Every change has its own source of random numbers, so that one strength does not change what is drawn for others.
  const of = (name: string): Random => random.fork(`${name} ${channel}`);
  const draw = (change: AugmentationChange, low: number, high: number, source = of(change)): number =>
    high > 0 ? drawn(source, probabilityOf(augmentation, change), low, high) : 0;
  const { blur, blurMinimum, noise, brightness, contrast, lowResolution } = augmentation;
  const noiseSource = of('noise');
  const limit = Math.log1p(augmentation.gamma);
  const invertedLimit = Math.log1p(augmentation.invertedGamma);
  const changes = {
    blur: draw('blur', Math.min(blurMinimum, blur), blur),
    noise: draw('noise', 0, noise, noiseSource),
    brightness: draw('brightness', -brightness, brightness),
    contrast: draw('contrast', -contrast, contrast),
    lowResolution: draw('lowResolution', 0, lowResolution),
    invertedGamma: draw('invertedGamma', -invertedLimit, invertedLimit),
    gamma: draw('gamma', -limit, limit),
  };
  if (Object.values(changes).every((value) => value === 0)) return undefined;
  const { retainStatistics } = augmentation;
  return { ...changes, noiseSource, isRetained: retainStatistics > 0 && of('retain').next() < retainStatistics };
}

/** @param values [slices, H, W] of one channel, changed in place */
function applyDraw(
  values: Float32Array,
  size: readonly [number, number],
  draw: IntensityDraw,
  isBounded: boolean,
): void {
  const pixels = size[0] * size[1];
  const planes = Array.from({ length: values.length / pixels }, (_, slice) =>
    values.subarray(slice * pixels, (slice + 1) * pixels),
  );
  const range = (): Range => (isBounded ? { low: 0, high: 1 } : extremes(values));
  // A narrower one would change nothing within the precision of a float.
  if (draw.blur > 0.1) for (const plane of planes) blurChannel(plane, size, 1, 0, draw.blur);

  if (draw.noise > 0) {
    const { low, high } = range();
    const scale = draw.noise * (high - low);
    const { noiseSource } = draw;
    for (let index = 0; index < values.length; index++) values[index]! += scale * noiseSource.normal();
  }
  const factor = 1 + draw.brightness;
  if (factor !== 1) for (let index = 0; index < values.length; index++) values[index]! *= factor;
  if (isBounded && (draw.noise > 0 || factor !== 1)) {
    for (let index = 0; index < values.length; index++) values[index] = Math.min(1, Math.max(0, values[index]!));
  }
  if (draw.contrast !== 0) changeContrast(values, 1 + draw.contrast);
  if (draw.lowResolution > 0) for (const plane of planes) lowerResolution(plane, size, 1 - draw.lowResolution);

  for (const [logarithm, isInverted] of [[draw.invertedGamma, true] as const, [draw.gamma, false] as const]) {
    const exponent = Math.exp(logarithm);
    if (exponent === 1) continue;
    changeGamma(values, exponent, range(), { isInverted, isRetained: draw.isRetained, isBounded });
  }
}

/** One channel of all context slices: [slices, H, W]. */
function gather(image: Float32Array, channels: number, channel: number, ownChannels: number): Float32Array {
  const values = new Float32Array(image.length / ownChannels);
  let at = 0;
  for (let first = channel; first < channels; first += ownChannels) {
    for (let index = first; index < image.length; index += channels) values[at++] = image[index]!;
  }
  return values;
}

function scatter(values: Float32Array, image: Float32Array, channels: number, channel: number, ownChannels: number) {
  let at = 0;
  for (let first = channel; first < channels; first += ownChannels) {
    for (let index = first; index < image.length; index += channels) image[index] = values[at++]!;
  }
}
