import { OptionError } from '@interseg/errors';
import type { Modality } from '../layouts/dataset.ts';

/**
 * How the intensities of a volume are mapped, for each channel by itself:
 *
 * - `percentiles`: linear, so that the `lower` percentile becomes 0 and the `upper` becomes 1, then clipped to [0, 1].
 *   Percentiles are taken over the foreground. Default for magnetic resonance, with 0.5 and 99.5.
 * - `window`: linear, so that `level − width/2` becomes 0 and `level + width/2` becomes 1, then clipped to [0, 1]. Default
 *   for computed tomography, with the window of soft tissue: level 40, width 400 (Hounsfield units).
 * - `zscore`: the foreground gets mean 0 and standard deviation 1; what is not foreground becomes 0. Not bounded: whoever
 *   needs [0, 1], as the reconstruction loss does, has to rescale.
 * - `none`: as in the file.
 *
 * The foreground is every voxel that is not exactly 0 (all of them when none is), so that the amount of air around a head
 * whose background was set to 0 does not change its contrast. A channel without any contrast becomes 0.
 */
export type IntensityNormalization =
  | { readonly kind: 'percentiles'; readonly lower?: number; readonly upper?: number }
  | { readonly kind: 'window'; readonly level?: number; readonly width?: number }
  | { readonly kind: 'zscore' }
  | { readonly kind: 'none' };

/** Whether normalised intensities lie in [0, 1]. */
export function isBounded({ kind }: IntensityNormalization): boolean {
  return kind === 'percentiles' || kind === 'window';
}

/**
 * How volumes are cut. Slices are seen in canonical orientation, whatever the order of the axes in the file:
 *
 * - `axial`: one slice for each position from foot to head; rows run from back to front, columns from left to right.
 * - `coronal`: one from back to front; rows from foot to head, columns from left to right.
 * - `sagittal`: one from left to right; rows from foot to head, columns from back to front.
 */
export const planes = ['axial', 'coronal', 'sagittal'] as const;
/** One of {@link planes}. */
export type Plane = (typeof planes)[number];

/**
 * How a slice (resampled to the spacing, where one is given) is fitted to the size, always by one factor for both axes:
 *
 * - `shrink`: only slices that are larger are resized, others keep their pixels (default).
 * - `fit`: smaller slices are enlarged too, as far as they fit.
 * - `crop`: none is resized; of those that are larger only the middle is seen, and nothing is found outside it.
 */
export const resizings = ['shrink', 'fit', 'crop'] as const;
/** One of {@link resizings}. */
export type Resizing = (typeof resizings)[number];

/** How a case becomes slices for a network. */
export interface SliceSettings {
  /** Rows and columns of what the network sees: [height, width]. */
  readonly size: readonly [number, number];
  /** `axial` unless told. */
  readonly plane?: Plane;
  /** By the modality unless told. */
  readonly normalization?: IntensityNormalization;
  /** `shrink` unless told. */
  readonly resizing?: Resizing;
  /**
   * Millimetres between pixels, along rows and columns alike, to which slices are resampled before they are fitted; as in the
   * file unless told. The distance between slices stays.
   */
  readonly spacing?: number;
}

/** Slice settings with every default filled in: what to store beside a model. */
export interface CompleteSliceSettings {
  readonly size: readonly [number, number];
  readonly plane: Plane;
  readonly normalization: IntensityNormalization;
  readonly resizing: Resizing;
  readonly spacing?: number;
}

/**
 * Checks slice settings and fills in the defaults for a modality.
 *
 * @throws OptionError naming the option that is out of range
 */
export function completeSliceSettings(settings: SliceSettings, modality: Modality): CompleteSliceSettings {
  const { size, plane = 'axial', resizing = 'shrink', spacing } = settings;
  if (size.length !== 2 || !size.every((extent) => Number.isInteger(extent) && extent > 0)) {
    throw new OptionError(`The option size is ${size.join(' × ')}, expected the height and width in whole pixels.`);
  }
  checkChoice('plane', plane, planes);
  checkChoice('resizing', resizing, resizings);
  if (spacing !== undefined && !(spacing > 0 && spacing < Infinity)) {
    throw new OptionError(`The option spacing is ${spacing}, expected millimetres above 0.`);
  }
  const normalization = completeNormalization(
    settings.normalization ?? (modality === 'ct' ? { kind: 'window' } : { kind: 'percentiles' }),
  );
  return { size: [size[0], size[1]], plane, normalization, resizing, ...(spacing !== undefined && { spacing }) };
}

function completeNormalization(normalization: IntensityNormalization): IntensityNormalization {
  checkChoice('normalization.kind', normalization.kind, ['percentiles', 'window', 'zscore', 'none']);
  if (normalization.kind === 'percentiles') {
    const { lower = 0.5, upper = 99.5 } = normalization;
    if (!(lower >= 0 && lower < upper && upper <= 100)) {
      throw new OptionError(
        `The option normalization has the percentiles ${lower} and ${upper}, expected 0 ≤ lower < upper ≤ 100.`,
      );
    }
    return { kind: 'percentiles', lower, upper };
  }
  if (normalization.kind === 'window') {
    const { level = 40, width = 400 } = normalization;
    if (!Number.isFinite(level) || !(width > 0 && width < Infinity)) {
      throw new OptionError(
        `The option normalization has the level ${level} and the width ${width}, expected a width above 0.`,
      );
    }
    return { kind: 'window', level, width };
  }
  return { kind: normalization.kind };
}

function checkChoice(option: string, value: string, allowed: readonly string[]): void {
  if (allowed.includes(value)) return;
  throw new OptionError(`The option ${option} is ${JSON.stringify(value)}, expected one of ${allowed.join(', ')}.`);
}
