import { train } from '@interseg/training';
import type { Command } from 'commander';
import { performRun } from '../execution/perform-run.ts';
import { addRunFlags, readRunOptions } from '../options/run-options.ts';
import type { Context } from '../terminal/context.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

/** `interseg train` */
export function trainCommand(context: Context): Command {
  const command = createCommand(
    'train',
    'Train a network, then segment and evaluate the test cases with the weights of the best epoch.',
    [
      'train --data Task09_Spleen --out runs/spleen',
      'train --data Task02_Heart --variant inter-unetpp --size 128 --filters 16,32,64,128 --out runs/heart',
      'train --config heart.yaml --seed 2 --out runs/heart-2',
    ],
  );
  command
    .requiredOption('--out <folder>', 'run folder: new or empty')
    .option('--config <file>', 'options from a .yaml or .json file, named as in config.json; flags take precedence');
  addOutputOptions(addRunFlags(command));
  return command.action(async ({ out, json }: { out: string; json?: boolean }) => {
    const configuration = await readRunOptions(command);
    await performRun(context, { run: out, json, ...configuration }, (hooks) => train(configuration, out, hooks));
  });
}
