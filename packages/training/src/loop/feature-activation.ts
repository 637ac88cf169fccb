import { meanAbsoluteActivation } from '@interseg/losses';
import type { SegmentationNetwork } from '@interseg/models';
import * as tf from '@tensorflow/tfjs-core';
import type { StepBatch } from './slices.ts';

/** The mean absolute activation of the matched features at each level, the bottleneck first. */
export interface FeatureScales {
  /** Of y_j, the image's features. */
  features: number[];
  /** Of y'_j, the mask's features. */
  targets: number[];
}

/** A level has collapsed if its activation is below this fraction of that after the first epoch. */
export const collapseRatio = 0.01;

/**
 * Measures the features of image and mask on one batch, in inference mode. `undefined` for variants without a mask path,
 * which match no features. Leaves no tensor behind.
 */
export async function measureFeatures(
  network: SegmentationNetwork,
  batch: StepBatch,
): Promise<FeatureScales | undefined> {
  if (!network.options.variant.mechanism.maskPath) return undefined;
  const [height, width, channels] = network.options.inputShape;
  const scales = tf.tidy(() => {
    const image = tf.tensor(batch.images, [batch.count, height, width, channels]);
    const mask = tf.tensor(batch.masks, [batch.count, height, width, network.options.classes]);
    const { features, targets } = network.forward({ image, mask }, { training: false });
    return [meanAbsoluteActivation(features), meanAbsoluteActivation(targets!)];
  });
  const [features, targets] = (await Promise.all(scales.map((scale) => scale.data()))).map((values) =>
    Array.from(values),
  );
  tf.dispose(scales);
  return { features: features!, targets: targets! };
}

/**
 * The levels j where y_j or y'_j has collapsed since the first epoch, see {@link collapseRatio}. Shrinking features make
 * equation 3 small without anything being learned.
 */
export function collapsedLevels(now: FeatureScales, first: FeatureScales): number[] {
  return now.features
    .map((_, level) => level)
    .filter((level) =>
      (['features', 'targets'] as const).some((side) => !(now[side][level]! >= collapseRatio * first[side][level]!)),
    );
}

/** `features.csv` as text: one row per epoch, one column per level for y_j and y'_j each. */
export function featuresCsv(history: readonly { epoch: number; scales?: FeatureScales }[]): string {
  const rows = history.filter((record): record is { epoch: number; scales: FeatureScales } => !!record.scales);
  const levels = rows[0]?.scales.features.map((_, level) => level) ?? [];
  const header = ['epoch', ...levels.map((level) => `y_${level}`), ...levels.map((level) => `y'_${level}`)];
  const lines = rows.map(({ epoch, scales }) => [epoch, ...scales.features, ...scales.targets].join(','));
  return [header.join(','), ...lines].join('\n') + '\n';
}
