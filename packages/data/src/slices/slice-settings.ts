import { OptionError } from '@interseg/errors';
import type { Modality } from '../dataset.ts';

/**
 * How the intensities of a volume are normalised, for each channel separately:
 *
 * - `percentiles`: linearly, so that the `lower` percentile becomes 0 and the `upper` one becomes 1, then clipped to
 *   [0, 1]. Percentiles are those of the foreground and default to 0.5 and 99.5. The default for magnetic resonance.
 * - `window`: linearly, so that `level − width/2` becomes 0 and `level + width/2` becomes 1, then clipped to [0, 1]. The
 *   default for computed tomography, with a window for soft tissue: level 40, width 400 (Hounsfield units).
 * - `zscore`: to mean 0 and standard deviation 1 of the foreground; other voxels become 0. Not bounded, so that the
 *   reconstruction loss, which needs [0, 1], has to rescale.
 * - `none`: not at all.
 *
 * The foreground is all voxels that are not exactly 0 (or all voxels, if all are 0), so that the amount of air around a
 * head whose background was set to 0 does not affect its contrast. A channel without contrast becomes 0.
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
 * The plane of slices. They are cut in canonical orientation, whatever the order of axes in the file:
 *
 * - `axial`: slices from inferior to superior; rows run from posterior to anterior, columns from left to right.
 * - `coronal`: slices from posterior to anterior; rows run from inferior to superior, columns from left to right.
 * - `sagittal`: slices from left to right; rows run from inferior to superior, columns from posterior to anterior.
 */
export const planes = ['axial', 'coronal', 'sagittal'] as const;
/** One of {@link planes}. */
export type Plane = (typeof planes)[number];

/**
 * How a slice is fitted to the size, after it was resampled to the spacing, if there is one. Both axes are resized by the
 * same factor, and smaller slices are padded with zeros:
 *
 * - `shrink`: larger slices are shrunk, smaller ones keep their pixels (the default).
 * - `fit`: larger slices are shrunk, smaller ones enlarged.
 * - `crop`: no slice is resized; larger ones are cropped to their centre, and nothing is found outside it.
 * - `patch`: no slice is resized or cropped. The network sees patches of the size: random ones in training, and overlapping
 *   ones that cover the whole slice in validation and prediction. Every case keeps a size of its own.
 */
export const resizings = ['shrink', 'fit', 'crop', 'patch'] as const;
/** One of {@link resizings}. */
export type Resizing = (typeof resizings)[number];

/** How a case is cut into slices for a network. */
export interface SliceSettings {
  /** Height and width of the network's input, in pixels. */
  readonly size: readonly [number, number];
  /** Defaults to `'axial'`. */
  readonly plane?: Plane;
  /** Defaults to that of the modality. */
  readonly normalization?: IntensityNormalization;
  /** Defaults to `'shrink'`. */
  readonly resizing?: Resizing;
  /**
   * Millimetres per pixel, along rows and columns, to which slices are resampled before they are fitted to the size. The
   * distance between slices does not change. Defaults to that of the file.
   */
  readonly spacing?: number;
  /**
   * How many slices on each side the network sees as channels beside the slice, from 0 to 8 ("2.5-D"): its input has
   * C·(2·context + 1) channels, those of the first slice first, and its output is that of the slice in the middle. Beyond
   * the volume the outermost slice is repeated. Defaults to 0.
   */
  readonly context?: number;
  /**
   * Millimetres between the slices of the context, each of which is the slice nearest to its place, so that scans with
   * larger or smaller gaps show the same extent. Defaults to the neighbouring slices, whatever their gaps.
   */
  readonly contextSpacing?: number;
}

/** Slice settings with every default filled in, which are stored with a model. */
export interface CompleteSliceSettings {
  readonly size: readonly [number, number];
  readonly plane: Plane;
  readonly normalization: IntensityNormalization;
  readonly resizing: Resizing;
  readonly spacing?: number;
  /** Absent if there is none. */
  readonly context?: number;
  readonly contextSpacing?: number;
}

/** The most slices of context on each side. */
export const largestContext = 8;

/**
 * Checks slice settings and fills in the defaults of a modality.
 *
 * @throws OptionError if an option is out of range, naming it
 */
export function completeSliceSettings(settings: SliceSettings, modality: Modality): CompleteSliceSettings {
  const { size, plane = 'axial', resizing = 'shrink', spacing, context = 0, contextSpacing } = settings;
  if (size.length !== 2 || !size.every((extent) => Number.isInteger(extent) && extent > 0)) {
    throw new OptionError(`The option size is ${size.join(' × ')}, expected the height and width in whole pixels.`);
  }
  checkChoice('plane', plane, planes);
  checkChoice('resizing', resizing, resizings);
  if (spacing !== undefined && !(spacing > 0 && spacing < Infinity)) {
    throw new OptionError(`The option spacing is ${spacing}, expected millimetres above 0.`);
  }
  checkContext(context, contextSpacing);
  const normalization = completeNormalization(
    settings.normalization ?? (modality === 'ct' ? { kind: 'window' } : { kind: 'percentiles' }),
  );
  return {
    size: [size[0], size[1]],
    plane,
    normalization,
    resizing,
    ...(spacing !== undefined && { spacing }),
    ...(context > 0 && { context }),
    ...(contextSpacing !== undefined && { contextSpacing }),
  };
}

function checkContext(context: number, contextSpacing: number | undefined): void {
  if (!(Number.isInteger(context) && context >= 0 && context <= largestContext)) {
    throw new OptionError(`The option context is ${context}, expected a whole number from 0 to ${largestContext}.`);
  }
  if (contextSpacing === undefined) return;
  if (!(contextSpacing > 0 && contextSpacing < Infinity)) {
    throw new OptionError(`The option contextSpacing is ${contextSpacing}, expected millimetres above 0.`);
  }
  if (context === 0) {
    throw new OptionError(`The option contextSpacing is ${contextSpacing}, expected none without context.`);
  }
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
