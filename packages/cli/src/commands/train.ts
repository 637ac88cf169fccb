import { runConfiguration, train, trainPlanned } from '@interseg/training';
import type { Command } from 'commander';
import { UsageError } from '../errors/usage-error.ts';
import { performRun } from '../execution/perform-run.ts';
import { addPlanLimits, type PlanLimits } from '../options/plan-limits.ts';
import { addRunFlags, readGivenOptions, readRunOptions } from '../options/run-options.ts';
import type { Context } from '../terminal/context.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

interface TrainFlags extends PlanLimits {
  out: string;
  json?: boolean;
  planned?: boolean;
}

/** `interseg train` */
export function trainCommand(context: Context): Command {
  const command = createCommand(
    'train',
    'Train a network, then segment and evaluate the test cases with the weights of the best epoch.',
    [
      'train --data Task09_Spleen --out runs/spleen',
      'train --data Task02_Heart --variant inter-unetpp --size 128 --filters 16,32,64,128 --out runs/heart',
      'train --data Task09_Spleen --planned --minutes 60 --out runs/spleen-60',
      'train --config heart.yaml --seed 2 --out runs/heart-2',
    ],
  );
  command
    .requiredOption('--out <folder>', 'run folder: new or empty')
    .option(
      '--config <file>',
      'options from a .yaml, .json or .jsonc file, named as in config.json; flags take precedence',
    )
    .option('--planned', 'choose the options that are not given from the data, as `interseg plan` does');
  addOutputOptions(addRunFlags(addPlanLimits(command, 'with --planned: ')));
  return command.action(async ({ out, json, planned, ...limits }: TrainFlags) => {
    if (planned) {
      const given = await readGivenOptions(command);
      const { engine, threads } = runConfiguration.parse(given);
      await performRun(context, { run: out, json, engine, threads }, (hooks) =>
        trainPlanned(given, out, hooks, { memory: limits.memory, minutes: limits.minutes }),
      );
      return;
    }
    for (const name of ['memory', 'minutes'] as const) {
      if (limits[name] !== undefined) throw new UsageError(`--${name}: found without --planned, expected both.`);
    }
    const configuration = await readRunOptions(command);
    await performRun(context, { run: out, json, ...configuration }, (hooks) => train(configuration, out, hooks));
  });
}
