import type { DataSet, Split } from '@interseg/data';
import { OptionError } from '@interseg/errors';
import { withPresetOptions } from '../configuration/presets.ts';
import {
  runConfiguration,
  type RunConfiguration,
  type RunConfigurationInput,
} from '../configuration/run-configuration.ts';
import type { CompileStep } from '../loop/train-step.ts';
import { readFingerprint, type Fingerprint } from './fingerprint/fingerprint.ts';
import { recipe } from './recipe.ts';
import type { OptionName } from './rule.ts';
import { rules } from './rules.ts';
import { timeStep } from './step-time.ts';

/** What a run may take, and how planning reports its progress. */
export interface PlanOptions {
  /** GiB that training may take. Defaults to 5. */
  readonly memory?: number;
  /** Minutes that training should take; a few steps are timed for it. Defaults to as long as training needs. */
  readonly minutes?: number;
  /** As for a run, so that the steps are timed as they will be. */
  readonly compileStep?: CompileStep;
  /** Called when a new part of the work begins. */
  readonly onStage?: (message: string) => void;
}

/** What was chosen for one option and why. */
export interface PlannedOption {
  readonly option: OptionName;
  readonly value: unknown;
  /** One sentence without its full stop. */
  readonly reason: string;
}

/** A configuration made for a data set. */
export interface Plan {
  readonly fingerprint: Fingerprint;
  /** In the order in which they were decided: what the rules chose, not what was given. */
  readonly options: readonly PlannedOption[];
  /** What was given, with what was planned and all defaults. */
  readonly configuration: RunConfiguration;
}

/**
 * Makes the configuration of a run from what its data are like. Options that are given, by themselves or by a preset, stay;
 * the others follow from the cases for training and validation. Test cases are not read.
 *
 * @param given the options that the user gave; `data` is where the data set is
 * @param data the data set with the classes of the run, and its split
 * @throws DataError when a case cannot be read or there is no foreground; OptionError when `memory` or `minutes` is out of range
 */
export async function planRun(
  given: RunConfigurationInput,
  { dataset, split }: { dataset: DataSet; split: Split },
  options: PlanOptions = {},
): Promise<Plan> {
  const { memory = recipe.memory, minutes, compileStep, onStage } = options;
  for (const [name, value] of Object.entries({ memory, minutes })) {
    if (value !== undefined && !(value > 0 && value < Infinity)) {
      throw new OptionError(`The option ${name} is ${value}, expected a number above 0.`);
    }
  }
  const fixed = withPresetOptions(given);
  const ids = [...split.train, ...split.validation];
  const { plane } = runConfiguration.parse(fixed);
  let read = 0;
  const fingerprint = await readFingerprint(dataset, ids, {
    plane,
    onCase: (id) => onStage?.(`reading case ${++read} of ${ids.length} for the plan: ${id}`),
  });
  const facts = {
    fingerprint,
    parts: { train: split.train.length, validation: split.validation.length },
    memory,
    minutes,
    timeStep: (configuration: RunConfiguration) => {
      onStage?.('timing a few steps for the plan');
      return timeStep(configuration, dataset, compileStep);
    },
  };
  const isGiven = (option: OptionName): boolean => fixed[option] !== undefined;
  const planned: PlannedOption[] = [];
  // Not what `parse` returned: it holds defaults that follow from other options, which may still change.
  const chosen: Record<string, unknown> = { ...fixed };
  let configuration = runConfiguration.parse(chosen);
  for (const { option, decide } of rules) {
    if (isGiven(option)) continue;
    const decision = await decide(facts, { configuration, isGiven });
    if (!decision) continue;
    planned.push({ option, ...decision });
    chosen[option] = decision.value;
    configuration = runConfiguration.parse(chosen);
  }
  return { fingerprint, options: planned, configuration };
}

/** What an engine has to compute in for a plan, which is known before the data are. */
export function plannedPrecision(given: RunConfigurationInput): RunConfiguration['precision'] {
  return withPresetOptions(given).precision ?? recipe.precision;
}
