import { z } from 'zod';
import { withPreset } from './presets.ts';
import type { OptionSection } from './section.ts';
import { augmentationSection } from './sections/augmentation.ts';
import { computeSection } from './sections/compute.ts';
import { dataSection } from './sections/data.ts';
import { fitSection } from './sections/fit.ts';
import { lossSection } from './sections/loss.ts';
import { networkSection } from './sections/network.ts';
import { postProcessingSection } from './sections/post-processing.ts';
import { samplingSection } from './sections/sampling.ts';
import { slicesSection } from './sections/slices.ts';
import { unlabelledSection } from './sections/unlabelled.ts';

/** The sections of a run's options, in the order of help and docs. */
export const runSections: readonly OptionSection[] = [
  dataSection,
  slicesSection,
  samplingSection,
  augmentationSection,
  networkSection,
  lossSection,
  fitSection,
  unlabelledSection,
  postProcessingSection,
  computeSection,
];

/** The options of a run, flat, each with its default and what is true of it. Presets are not applied: see {@link runConfiguration}. */
export const runOptionsSchema = z.strictObject({
  ...dataSection.schema.shape,
  ...slicesSection.schema.shape,
  ...samplingSection.schema.shape,
  ...augmentationSection.schema.shape,
  ...networkSection.schema.shape,
  ...lossSection.schema.shape,
  ...fitSection.schema.shape,
  ...unlabelledSection.schema.shape,
  ...postProcessingSection.schema.shape,
  ...computeSection.schema.shape,
});

/**
 * Everything that decides a run, flat, as it stands in a configuration file and in `config.json`: `parse` checks it, applies the
 * preset that it names and fills in the defaults. Every field but `data` has one. Flags of the command line are these names in
 * kebab case.
 */
export const runConfiguration = withPreset(runOptionsSchema);

/** A configuration as written: what is left out has its default. */
export type RunConfigurationInput = z.input<typeof runOptionsSchema>;
/** A configuration with every default filled in. */
export type RunConfiguration = z.output<typeof runOptionsSchema>;
