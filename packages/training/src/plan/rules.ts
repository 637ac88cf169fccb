import type { Rule } from './rule.ts';
import { batchRule } from './rules/batch.ts';
import { contextRule, contextSpacingRule } from './rules/context.ts';
import { epochsRule } from './rules/duration.ts';
import { intensityRule, windowRule } from './rules/intensity.ts';
import {
  deepSupervisionRule,
  filtersRule,
  initialProbabilityRule,
  outputActivationRule,
  precisionRule,
  variantRule,
} from './rules/network.ts';
import {
  averageWeightsRule,
  clipNormRule,
  diceOverRule,
  optimizerRule,
  scheduleRule,
  scoreSmoothingRule,
  warmUpEpochsRule,
} from './rules/optimization.ts';
import { augmentationRule, postProcessingRule } from './rules/patients.ts';
import { backgroundSlicesRule, patchesPerSliceRule, patchForegroundRule } from './rules/sampling.ts';
import { resizingRule, sizeRule } from './rules/size.ts';
import { spacingRule } from './rules/spacing.ts';

/** The rules of a plan. Each knows what those before it chose; a new one is a line here. */
export const rules: readonly Rule[] = [
  variantRule,
  precisionRule,
  spacingRule,
  sizeRule,
  resizingRule,
  intensityRule,
  windowRule,
  contextRule,
  contextSpacingRule,
  filtersRule,
  deepSupervisionRule,
  outputActivationRule,
  initialProbabilityRule,
  batchRule,
  backgroundSlicesRule,
  patchForegroundRule,
  patchesPerSliceRule,
  augmentationRule,
  diceOverRule,
  optimizerRule,
  clipNormRule,
  scheduleRule,
  // How long an epoch takes depends on all that comes before.
  epochsRule,
  warmUpEpochsRule,
  averageWeightsRule,
  scoreSmoothingRule,
  postProcessingRule,
];
