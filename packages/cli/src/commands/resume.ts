import { exists } from '@interseg/files';
import {
  foldsFolder,
  optionsWhere,
  readConfiguration,
  readFolds,
  resume,
  resumeFolds,
  runFolder,
  runOptionsSchema,
} from '@interseg/training';
import type { Command } from 'commander';
import { performFolds } from '../execution/perform-folds.ts';
import { performRun } from '../execution/perform-run.ts';
import { addRunFlags, readRunFlags } from '../options/run-options.ts';
import type { Context } from '../terminal/context.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

/** What may change between the parts of a run without making it another run. */
const changeable = optionsWhere(runOptionsSchema, ({ resumable }) => resumable);

/** `interseg resume` */
export function resumeCommand(context: Context): Command {
  const command = createCommand('resume', ['resume runs/spleen', 'resume runs/spleen --epochs 200']);
  command.argument('<run>', 'folder of a run, or of a training with folds');
  addOutputOptions(addRunFlags(command, changeable));
  return command.action(async (run: string, { json }: { json?: boolean }) => {
    const changes = readRunFlags(command, changeable);
    if (await exists(foldsFolder(run).folds)) {
      const { configuration } = await readFolds(foldsFolder(run));
      await performFolds(context, { ...configuration, ...changes, out: run, json }, (hooks) =>
        resumeFolds(run, hooks, changes),
      );
      return;
    }
    const configuration = { ...(await readConfiguration(runFolder(run))), ...changes };
    await performRun(context, { ...configuration, run, json }, (hooks) => resume(run, hooks, changes));
  });
}
