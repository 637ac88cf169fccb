import type { DataSet } from '@interseg/data';
import { withPresetOptions } from '../configuration/presets.ts';
import { runConfiguration, type RunConfigurationInput } from '../configuration/run-configuration.ts';
import { checkRunOptions } from '../run/create-run-network.ts';
import { recipe } from './recipe.ts';
import { widthsOf } from './rules/levels.ts';

/**
 * Checks that a network can be trained with the options that are given, before all cases are read for a plan of the others.
 *
 * @throws OptionError when options of the network, the mask path or the loss are out of range or do not suit the variant
 */
export function checkGivenOptions(given: RunConfigurationInput, dataset: DataSet): void {
  const fixed = withPresetOptions(given);
  const known = runConfiguration.parse(fixed);
  const filters = fixed.filters ? known.filters : widthsOf(known.omega?.length ?? recipe.fewestLevels);
  // A plan makes size and levels fit each other, unless both are given.
  const side = 2 ** filters.length;
  const size: [number, number] = fixed.filters && fixed.size ? known.size : [side, side];
  checkRunOptions({ ...known, filters, size }, dataset);
}
