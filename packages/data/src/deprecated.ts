import { labelValues } from './cases/label-values.ts';
import type { IntensityNormalization } from './slices/slice-settings.ts';

// Names of earlier versions that browsers have, too: to be removed with the next major version.

/** @deprecated Use `labelValues`. */
export const labelValuesOf = labelValues;

/** @deprecated Use `IntensityNormalization`. */
export type Normalization = IntensityNormalization;
