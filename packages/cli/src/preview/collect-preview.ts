import {
  augmentSlice,
  completeSliceSettings,
  isBounded,
  prepareCase,
  readCase,
  sliceRandom,
  type AugmentedSlice,
  type DataSet,
  type PreparedCase,
} from '@interseg/data';
import { augmentationSettings, sliceSettings, type RunConfiguration } from '@interseg/training';
import { chooseSlices, evenly, slicesPerCase } from './choose-slices.ts';
import type { Preview, PreviewRow } from './draw-preview.ts';

/** The slice that a row of the preview shows. */
export interface PreviewedSlice {
  case: string;
  /** Counted from 1. */
  slice: number;
  slices: number;
}

/**
 * Prepares slices as a run with this configuration would, and augments them as its first epochs would. Keeps one case in memory
 * at a time.
 *
 * @param rows maximum number of slices
 * @param epochs number of augmented copies of each slice
 */
export async function collectPreview(
  dataset: DataSet,
  configuration: RunConfiguration,
  { rows: total, epochs }: { rows: number; epochs: number },
): Promise<Preview & { slices: PreviewedSlice[] }> {
  const settings = completeSliceSettings(sliceSettings(configuration, dataset.modality), dataset.modality);
  const bounded = isBounded(settings.normalization);
  const augmentation = augmentationSettings(configuration);
  const cases = evenly(dataset.cases, total);
  const counts = slicesPerCase(total, cases.length);
  const rows: PreviewRow[] = [];
  const slices: PreviewedSlice[] = [];
  for (const [index, item] of cases.entries()) {
    const prepared = prepareCase(await readCase(dataset, item), dataset.classes, settings);
    for (const slice of chooseSlices(prepared, counts[index]!)) {
      const original = readSlice(prepared, slice);
      const augmented = Array.from({ length: epochs }, (_, epoch) => {
        const draw = { seed: configuration.seed, epoch: epoch + 1, id: item.id, slice, appearance: 0 };
        return augmentSlice(original, augmentation, sliceRandom(draw), { isBounded: bounded, pixel: prepared.pixel });
      });
      rows.push({
        caption: `${item.id}, slice ${slice + 1} of ${prepared.slices}`,
        panels: [original, ...augmented],
      });
      slices.push({ case: item.id, slice: slice + 1, slices: prepared.slices });
    }
  }
  return {
    titles: ['as prepared', ...Array.from({ length: epochs }, (_, epoch) => `in epoch ${epoch + 1}`)],
    rows,
    classes: dataset.classes.map(({ name }) => name),
    isBounded: bounded,
    slices,
  };
}

function readSlice(prepared: PreparedCase, slice: number): AugmentedSlice {
  const { size, channels, classes, images, masks } = prepared;
  const pixels = size[0] * size[1];
  return {
    size,
    channels,
    classes,
    image: images.slice(slice * pixels * channels, (slice + 1) * pixels * channels),
    mask: Float32Array.from(masks?.subarray(slice * pixels * classes, (slice + 1) * pixels * classes) ?? []),
  };
}
