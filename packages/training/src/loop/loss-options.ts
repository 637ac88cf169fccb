import type { SegmentationNetwork } from '@interseg/models';

/** The weights of eq. 4 and 6 and how the levels of eq. 3 are matched: see `hybridLoss` of `@interseg/losses`. */
export type LossOptions = NonNullable<Parameters<SegmentationNetwork['loss']>[1]>;
