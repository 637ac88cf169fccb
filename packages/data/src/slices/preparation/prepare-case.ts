import type { CaseVolume, LabelArray } from '../../cases/case-volume.ts';
import type { ClassDefinition } from '../../dataset.ts';
import {
  createResizeAndPad,
  forEachInner,
  maskSources,
  transformChannel,
  type ResizeAndPad,
} from '../geometry/resize-and-pad.ts';
import { allocate } from './allocate.ts';
import { normalize } from './normalize-intensities.ts';
import type { PreparedArrays, PreparedCase, SliceKind } from './prepared-case.ts';
import { findObjects, objectBytes } from './slice-objects.ts';
import { completeSliceSettings, type CompleteSliceSettings, type SliceSettings } from '../slice-settings.ts';
import { createSlicing, extractSlice, type Slicing } from '../geometry/slicing.ts';
import { withGeometry } from '../inverse/inverse-transform.ts';

/**
 * Cuts a case into slices for a network. Intensities are normalised over the volume; slices are cut along the plane in
 * canonical orientation, resampled to the spacing, if there is one, and fitted to the size as {@link SliceSettings} says.
 *
 * @throws OptionError if an option is out of range
 */
export function prepareCase(
  volume: CaseVolume,
  classes: readonly ClassDefinition[],
  settings: SliceSettings,
): PreparedCase {
  const complete = completeSliceSettings(settings, volume.modality);
  return withGeometry(prepareArrays(volume, classes, complete), complete);
}

/** {@link prepareCase} without the functions, so that threads can exchange it: images and masks are in shared memory. */
export function prepareArrays(
  volume: CaseVolume,
  classes: readonly ClassDefinition[],
  settings: CompleteSliceSettings,
): PreparedArrays {
  const { plane, normalization } = settings;
  const slicing = createSlicing(volume.shape, volume.affine, plane);
  const transform = createResizeAndPad([slicing.rows, slicing.columns], settings, [
    slicing.spacing[1],
    slicing.spacing[2],
  ]);
  const size = transform.to;
  const channels = volume.channels.length;
  const pixels = size[0] * size[1];

  const images = new Float32Array(allocate(slicing.slices * pixels * channels * 4));
  const varies = new Uint8Array(slicing.slices);
  const slice = new Float32Array(slicing.rows * slicing.columns);
  volume.channels.forEach((channel, c) => {
    const normalized = normalize(channel, normalization);
    for (let s = 0; s < slicing.slices; s++) {
      extractSlice(normalized, slicing, s, slice);
      if (slice.some((value) => value !== slice[0])) varies[s] = 1;
      transformChannel(transform, slice, images, s * pixels * channels + c, channels);
    }
  });

  const masks = volume.labels && cutMasks(volume.labels, slicing, transform, classes);
  const kinds = Array.from(varies, (varying, s): SliceKind => {
    if (!varying) return 'constant';
    const perSlice = pixels * classes.length;
    return masks?.subarray(s * perSlice, (s + 1) * perSlice).includes(1) ? 'foreground' : 'background';
  });
  const objects =
    masks && settings.resizing === 'patch'
      ? findObjects(masks, { slices: slicing.slices, size, classes: classes.length })
      : undefined;
  return {
    id: volume.id,
    slices: slicing.slices,
    size,
    pixel: [
      (slicing.spacing[1] * slicing.rows) / transform.inner[0],
      (slicing.spacing[2] * slicing.columns) / transform.inner[1],
    ],
    channels,
    classes: classes.length,
    images,
    masks,
    kinds,
    ...(objects && { objects }),
    labels: volume.labels,
    source: volume.source,
    bytes: preparedBytes(volume, classes, settings) + (objects ? objectBytes(objects) : 0),
  };
}

/** The bytes of the arrays that {@link prepareCase} would return for a case, but for the list of its objects. */
export function preparedBytes(
  { shape, affine, modality, channels, labels }: CaseVolume,
  classes: readonly ClassDefinition[],
  settings: SliceSettings,
): number {
  const complete = completeSliceSettings(settings, modality);
  const { slices, rows, columns, spacing } = createSlicing(shape, affine, complete.plane);
  const { to } = createResizeAndPad([rows, columns], complete, [spacing[1], spacing[2]]);
  const pixels = slices * to[0] * to[1];
  const imageBytes = pixels * channels.length * Float32Array.BYTES_PER_ELEMENT;
  return imageBytes + (labels ? pixels * classes.length + labels.byteLength : 0);
}

function cutMasks(
  labels: LabelArray,
  slicing: Slicing,
  transform: ResizeAndPad,
  classes: readonly ClassDefinition[],
): Uint8Array {
  const pixels = transform.to[0] * transform.to[1];
  const table = classTable(classes);
  const sources = maskSources(transform);
  const masks = new Uint8Array(allocate(slicing.slices * pixels * classes.length));
  const slice = new Int32Array(slicing.rows * slicing.columns);
  for (let s = 0; s < slicing.slices; s++) {
    extractSlice(labels, slicing, s, slice);
    forEachInner(transform, (inner, pixel) => {
      const value = slice[sources[inner]!]!;
      if (value === 0) return;
      for (const index of table.get(value) ?? []) masks[(s * pixels + pixel) * classes.length + index] = 1;
    });
  }
  return masks;
}

/** For each label value, the indices of its classes; no entry for the background. */
function classTable(classes: readonly ClassDefinition[]): ReadonlyMap<number, readonly number[]> {
  const table = new Map<number, number[]>();
  classes.forEach(({ values }, index) => {
    for (const value of values) {
      const members = table.get(value);
      if (members) members.push(index);
      else table.set(value, [index]);
    }
  });
  return table;
}
