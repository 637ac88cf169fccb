import type { MetricsFile, StratumResult } from '@interseg/training';
import type { ComparedRun } from '../src/index.ts';

/** What a made-up run is given; the rest is of no importance. */
export interface Given {
  variant?: string;
  seed?: number;
  /** By case and class. */
  dice?: Record<string, Record<string, number | null>>;
  /** Of each epoch, 10 s each. */
  validation?: (number | null)[];
  strata?: Partial<StratumResult>[];
}

/** A finished run with given results, as if read from its folder. */
export function comparedRun({
  variant = 'unet',
  seed = 1,
  dice = {},
  validation = [],
  strata = [],
}: Given): ComparedRun {
  const none = { jaccard: null, sensitivity: null, precision: null, hd95: null, assd: null };
  const cases = Object.entries(dice).map(([id, classes]) => ({
    id,
    classes: Object.fromEntries(Object.entries(classes).map(([name, value]) => [name, { ...none, dice: value }])),
  }));
  const metrics: MetricsFile = {
    variant,
    engine: 'cpu',
    cases,
    mean: { ...none, dice: 0.5, classes: {}, empty: { both: 0, prediction: 0, reference: 0 } },
    small_objects: {
      strata: strata.map((given) => ({
        name: '< 100',
        lower: 0,
        upper: 100,
        objects: 0,
        detected: 0,
        dice: null,
        sensitivity: null,
        falsePositives: 0,
        ...given,
      })),
    },
  };
  const present = validation.filter((value) => value !== null);
  return {
    variant,
    seed,
    folder: `runs/${variant}-seed${seed}`,
    engine: 'cpu',
    epochs: validation.length,
    bestEpoch: 1,
    bestValidationDice: present.length > 0 ? Math.max(...present) : null,
    validation: validation.map((value, index) => ({ epoch: index + 1, seconds: 10 * (index + 1), dice: value })),
    seconds: 10 * validation.length,
    secondsPerStep: 0.5,
    parameters: { deploy: 100, training: 120 },
    metrics,
  };
}
