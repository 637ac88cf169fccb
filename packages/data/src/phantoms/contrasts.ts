/**
 * The intensities of the tissues (air, scalp, skull, fluid, grey, white) in a channel; the brighter ones are about 1.
 * The fifth channel is like the first, and so on.
 */
export function tissueIntensities(channel: number): readonly number[] {
  return tissueContrasts[channel % tissueContrasts.length]!;
}

const tissueContrasts: readonly (readonly number[])[] = [
  // As in T1, T2, FLAIR and proton density: in the first fat is brightest, then white matter; in the second fluid.
  [0, 1.15, 0.12, 0.25, 0.68, 0.95],
  [0, 0.7, 0.1, 1, 0.65, 0.48],
  [0, 0.65, 0.1, 0.2, 0.8, 0.68],
  [0, 0.8, 0.12, 0.85, 0.95, 0.8],
];

/** The tissues of {@link tissueIntensities} in CT, in Hounsfield units. */
export const ctTissues: readonly number[] = [-1000, -60, 900, 8, 38, 30];

/** The difference, in Hounsfield units, that a `contrast` or `noise` of 1 makes in CT. */
export const ctUnit = 100;

/**
 * The factor by which an object of a class changes the intensity of the tissue that it replaces. Classes take turns:
 * brighter, darker, a bright rim around a dark core; each further round of three is half as strong again. In every
 * second channel bright and dark are swapped.
 *
 * @param contrast the strength as a fraction
 * @param position radial, 0 at the object's centre and 1 at its surface
 */
export function objectFactor(classIndex: number, channel: number, contrast: number, position: number): number {
  const signs = [1, -1, position > 0.65 ? 1 : -1];
  const strength = contrast * (1 + 0.5 * Math.floor(classIndex / 3));
  const sign = signs[classIndex % 3]! * (channel % 2 === 0 ? 1 : -1);
  return Math.max(0, 1 + sign * strength);
}
