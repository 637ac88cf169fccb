import { rounded } from '../pixels.ts';
import { recipe } from '../recipe.ts';
import { rule, type PlanFacts } from '../rule.ts';

/** A window for CT, whose values have a unit; percentiles for MR, whose values have none. */
export const intensityRule = rule('intensity', ({ fingerprint }) =>
  fingerprint.modality === 'ct'
    ? { value: 'window', reason: 'values of CT have a unit, so that one window suits all images' }
    : {
        value: 'percentiles',
        reason: 'values of MR have no unit, so that each image is scaled by its own percentiles',
      },
);

/** The window holds what the foreground has in CT. */
export const windowRule = rule('window', (facts, { configuration }) => {
  if (configuration.intensity !== 'window') return undefined;
  const [lower, upper] = foregroundRange(facts);
  const [low, high] = recipe.windowPercentiles;
  if (!(upper > lower)) return undefined;
  return {
    value: [Math.round((lower + upper) / 2), Math.ceil(upper - lower)],
    reason: `percentiles ${low} and ${high} of the foreground are ${rounded(lower)} and ${rounded(upper)}`,
  };
});

/** The range of all channels together. */
function foregroundRange({ fingerprint: { intensities } }: PlanFacts): [number, number] {
  const [low, high] = recipe.windowPercentiles;
  return [
    Math.min(...intensities.map(({ percentiles }) => percentiles[low])),
    Math.max(...intensities.map(({ percentiles }) => percentiles[high])),
  ];
}
