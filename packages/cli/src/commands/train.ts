import { runConfiguration, train, trainFolds, trainPlanned, type RunConfigurationInput } from '@interseg/training';
import type { Command } from 'commander';
import { UsageError } from '../errors/usage-error.ts';
import { performFolds } from '../execution/perform-folds.ts';
import { performRun } from '../execution/perform-run.ts';
import { addPlanLimits, type PlanLimits } from '../options/plan-limits.ts';
import { parseNumber } from '../options/parse-number.ts';
import { addRunFlags, readGivenOptions, readRunOptions } from '../options/run-options.ts';
import type { Context } from '../terminal/context.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

interface TrainFlags extends PlanLimits {
  out: string;
  json?: boolean;
  folds?: number;
  planned?: boolean;
}

const parseFolds = parseNumber((folds) => Number.isInteger(folds) && folds >= 2, 'a whole number of at least 2');

/** `interseg train` */
export function trainCommand(context: Context): Command {
  const command = createCommand(
    'train',
    'Train a network, then segment and evaluate the test cases with the weights of the best epoch. Options that are not given are chosen from the data, as `interseg plan` does, unless there is a --preset or all of them are given, as by the config.json of a run.',
    [
      'train --data Task09_Spleen --out runs/spleen',
      'train --data Task02_Heart --preset heart --variant inter-unetpp --out runs/heart',
      'train --data Task09_Spleen --minutes 60 --out runs/spleen-60',
      'train --data Task09_Spleen --folds 5 --out runs/spleen-folds',
      'train --config heart.yaml --seed 2 --out runs/heart-2',
    ],
  );
  command
    .requiredOption('--out <folder>', 'run folder: new or empty')
    .option(
      '--config <file>',
      'options from a .yaml, .json or .jsonc file, named as in config.json; flags take precedence',
    )
    .option(
      '--folds <n>',
      'train on each of n folds of the cases outside the test part, into OUT/fold_1 and so on, and evaluate all together; run the same command again to go on',
      parseFolds,
    )
    .option('--planned', 'choose the options that are not given from the data even with a --preset')
    .option('--no-planned', 'leave the options that are not given at the defaults below');
  addOutputOptions(addRunFlags(addPlanLimits(command, 'for the plan: ')));
  return command.action(async ({ out, json, folds, planned, memory, minutes }: TrainFlags) => {
    const given = await readGivenOptions(command);
    const isPlanned = planned ?? (given.preset === undefined && !isComplete(given));
    const limits = { memory, minutes };
    if (!isPlanned) refuseLimits(limits, planned === false ? '--no-planned' : given.preset ? '--preset' : '--config');
    if (folds !== undefined) {
      const options = isPlanned ? given : await readRunOptions(command);
      const { engine, threads } = runConfiguration.parse(options);
      await performFolds(context, { out, json, engine, threads }, (hooks) =>
        trainFolds(options, out, hooks, { folds, ...(isPlanned && { plan: limits }) }),
      );
    } else if (isPlanned) {
      const { engine, threads } = runConfiguration.parse(given);
      await performRun(context, { run: out, json, engine, threads }, (hooks) =>
        trainPlanned(given, out, hooks, limits),
      );
    } else {
      const configuration = await readRunOptions(command);
      await performRun(context, { run: out, json, ...configuration }, (hooks) => train(configuration, out, hooks));
    }
  });
}

/** Whether every option that has a default is given, as in the `config.json` of a run: nothing is left to plan. */
function isComplete(given: RunConfigurationInput): boolean {
  const all: Readonly<Record<string, unknown>> = runConfiguration.parse(given);
  const names = Object.keys(all).filter((name) => all[name] !== undefined);
  return names.every((name) => name in given);
}

/** Nothing but a plan is limited. */
function refuseLimits(limits: PlanLimits, unplanned: string): void {
  for (const [name, value] of Object.entries(limits)) {
    if (value !== undefined) {
      throw new UsageError(`--${name}: found with ${unplanned}, expected a planned training (--planned).`);
    }
  }
}
