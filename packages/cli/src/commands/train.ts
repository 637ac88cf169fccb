import {
  plannedPrecision,
  train,
  trainFolds,
  trainPlanned,
  type RunConfiguration,
  type RunConfigurationInput,
} from '@interseg/training';
import type { Command } from 'commander';
import { UsageError } from '../errors/usage-error.ts';
import { performFolds } from '../execution/perform-folds.ts';
import { performRun } from '../execution/perform-run.ts';
import { addPlanLimits, type PlanLimits } from '../options/plan-limits.ts';
import { parseWholeNumber } from '../options/parse-number.ts';
import { addRunFlags, readGivenRun } from '../options/run-options.ts';
import type { Context } from '../terminal/context.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

interface TrainFlags extends PlanLimits {
  out: string;
  json?: boolean;
  folds?: number;
  planned?: boolean;
}

/** `interseg train` */
export function trainCommand(context: Context): Command {
  const command = createCommand('train', [
    'train --data Task09_Spleen --out runs/spleen',
    'train --data Task02_Heart --preset heart --variant inter-unetpp --out runs/heart',
    'train --data Task09_Spleen --minutes 60 --out runs/spleen-60',
    'train --data Task09_Spleen --folds 5 --out runs/spleen-folds',
    'train --config heart.yaml --seed 2 --out runs/heart-2',
  ]);
  command
    .requiredOption('--out <folder>', 'run folder: new or empty')
    .option(
      '--config <file>',
      'options from a .yaml, .json or .jsonc file, named as in config.json; flags take precedence',
    )
    .option(
      '--folds <n>',
      'train on each of n folds of the cases outside the test part, into OUT/fold_1 and so on, and evaluate all together; run the same command again to go on',
      parseWholeNumber(2),
    )
    .option('--planned', 'choose the options that are not given from the data even with a --preset')
    .option('--no-planned', 'leave the options that are not given at the defaults below');
  addOutputOptions(addRunFlags(addPlanLimits(command, 'for the plan: ')));
  return command.action(async ({ out, json, folds, planned, memory, minutes }: TrainFlags) => {
    const { configuration, given, checkSize } = await readGivenRun(command);
    const isPlanned = planned ?? (given.preset === undefined && !isComplete(given, configuration));
    const limits = { memory, minutes };
    if (!isPlanned) {
      refuseLimits(limits, planned === false ? '--no-planned' : given.preset ? '--preset' : '--config');
      checkSize();
    }
    const engine = isPlanned ? { ...configuration, precision: plannedPrecision(given) } : configuration;
    if (folds !== undefined) {
      await performFolds(context, { ...engine, out, json }, (hooks) =>
        trainFolds(isPlanned ? given : configuration, out, hooks, { folds, ...(isPlanned && { plan: limits }) }),
      );
      return;
    }
    await performRun(context, { ...engine, run: out, json }, (hooks) =>
      isPlanned ? trainPlanned(given, out, hooks, limits) : train(configuration, out, hooks),
    );
  });
}

/** Whether every option that has a default is given, as in the `config.json` of a run: nothing is left to plan. */
function isComplete(given: RunConfigurationInput, configuration: RunConfiguration): boolean {
  return Object.entries(configuration).every(([name, value]) => value === undefined || name in given);
}

/** Nothing but a plan is limited. */
function refuseLimits(limits: PlanLimits, unplanned: string): void {
  for (const [name, value] of Object.entries(limits)) {
    if (value !== undefined) {
      throw new UsageError(`--${name}: found with ${unplanned}, expected a planned training (--planned).`);
    }
  }
}
