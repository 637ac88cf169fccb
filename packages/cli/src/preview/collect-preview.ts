import {
  augmentationPresets,
  completeSliceSettings,
  isBounded,
  prepareCase,
  readCase,
  showSlice,
  type Augmentation,
  type AugmentedSlice,
  type DataSet,
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
 * Prepares slices as a run with this configuration would, and draws patches of them and augments them as its first epochs
 * would. Keeps one case in memory at a time.
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
  const { size, resizing } = settings;
  const { seed, patchForeground } = configuration;
  const patch = resizing === 'patch' ? { size, foreground: patchForeground } : undefined;
  const rows: PreviewRow[] = [];
  const slices: PreviewedSlice[] = [];
  for (const [index, item] of cases.entries()) {
    const prepared = prepareCase(await readCase(dataset, item), dataset.classes, settings);
    for (const slice of chooseSlices(prepared, counts[index]!)) {
      const show = (epoch: number, changes: Augmentation): AugmentedSlice =>
        withoutContext(
          showSlice(
            { prepared, slice, inputs: prepared.inputSlices(slice), appearance: 0 },
            { augmentation: changes, isBounded: bounded, patch, seed, epoch },
          ),
        );
      const augmented = Array.from({ length: epochs }, (_, epoch) => show(epoch + 1, augmentation));
      rows.push({
        caption: `${item.id}, slice ${slice + 1} of ${prepared.slices}`,
        panels: [show(1, augmentationPresets.none), ...augmented],
      });
      slices.push({ case: item.id, slice: slice + 1, slices: prepared.slices });
    }
  }
  return {
    titles: [
      patch ? 'in epoch 1, unchanged' : 'as prepared',
      ...Array.from({ length: epochs }, (_, epoch) => `in epoch ${epoch + 1}`),
    ],
    rows,
    classes: dataset.classes.map(({ name }) => name),
    isBounded: bounded,
    slices,
  };
}

/** The slice in the middle of its context. */
function withoutContext(slice: AugmentedSlice): AugmentedSlice {
  const { image, channels, contextSlices = 1, ...rest } = slice;
  if (contextSlices === 1) return slice;
  const own = channels / contextSlices;
  const first = own * ((contextSlices - 1) / 2);
  const isOwn = (_: number, at: number): boolean => at % channels >= first && at % channels < first + own;
  return { ...rest, image: image.filter(isOwn), channels: own };
}
