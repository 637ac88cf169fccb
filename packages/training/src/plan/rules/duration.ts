import { rounded, slicePixels } from '../pixels.ts';
import { recipe } from '../recipe.ts';
import { rule, type Chosen, type PlanFacts } from '../rule.ts';
import type { RunConfiguration } from '../../configuration/run-configuration.ts';

/** So many epochs that they make the usual number of steps, or that they take the minutes that there are. */
export const epochsRule = rule('epochs', async (facts, chosen) => {
  const { configuration } = chosen;
  const steps = stepsPerEpoch(facts, configuration);
  const { minutes } = facts;
  if (minutes === undefined) {
    const [fewest, most] = recipe.epochs;
    const value = Math.min(Math.max(Math.ceil(recipe.steps / steps), fewest), most);
    return { value, reason: `${value * steps} steps, ${steps} per epoch` };
  }
  const { training, prediction } = await facts.timeStep(configuration);
  const seconds = steps * training + validationBatches(facts, chosen) * prediction;
  return {
    value: Math.max(1, Math.floor((minutes * 60 * recipe.timeShare) / seconds)),
    reason: `${rounded(minutes)} minutes at ${rounded(seconds)} s per epoch: ${steps} steps of ${rounded(training)} s and the validation`,
  };
});

/** How many steps an epoch has, by the share of the slices that is for training. */
export function stepsPerEpoch({ fingerprint: { slices }, parts }: PlanFacts, configuration: RunConfiguration): number {
  const share = parts.train / (parts.train + parts.validation);
  const empty = Math.min(configuration.backgroundSlices * slices.foreground, slices.total - slices.foreground);
  const shown = (slices.foreground * configuration.foregroundOversampling + empty) * share;
  const patches = configuration.resizing === 'patch' ? configuration.patchesPerSlice : 1;
  return Math.max(1, Math.ceil((shown * patches) / configuration.batch));
}

/** How many batches the validation after each epoch has: of whole slices, or of tiles that overlap by half. */
function validationBatches({ fingerprint, parts }: PlanFacts, chosen: Chosen): number {
  const { batch, resizing, size } = chosen.configuration;
  const slices = (fingerprint.slices.total * parts.validation) / (parts.train + parts.validation);
  const tilesAlong = (pixels: number, axis: number): number =>
    Math.ceil(Math.max(0, pixels - size[axis]!) / (size[axis]! / 2)) + 1;
  const [rows, columns] = slicePixels(fingerprint, chosen).median;
  const tiles = resizing === 'patch' ? tilesAlong(rows, 0) * tilesAlong(columns, 1) : 1;
  return Math.ceil((slices * tiles) / batch);
}
