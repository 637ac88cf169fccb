import { planSweep, type PlannedSweep } from '@interseg/experiments';
import { useEngine } from '@interseg/runtime';
import type { Command } from 'commander';
import { quoteArgument } from '../environment/environment.ts';
import { Interrupted, watchForInterruption } from '../execution/interruption.ts';
import { addComparisonFlags, readComparisonOptions } from '../options/comparison-options.ts';
import { note, printResult, type Context } from '../terminal/context.ts';
import { counted } from '../terminal/numbers.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

/** `interseg sweep plan` */
export function sweepPlanCommand(context: Context): Command {
  const command = createCommand('plan', [
    'sweep plan --data Task09_Spleen --variants unet,twi-unet --seeds 1,2,3 --out sweeps/spleen',
    'sweep plan --data Task09_Spleen --variants unet,sae-unet --folds 5 --out sweeps/folds',
    'sweep plan --data Task09_Spleen --variants sae-unet --settings lambda=0.5,lambda=1 --out sweeps/lambda',
  ]);
  command
    .requiredOption('--out <folder>', 'sweep folder: new, or one to add runs to')
    .option(
      '--config <file>',
      'options from a .yaml, .json or .jsonc file, named as in config.json; flags take precedence',
    );
  addOutputOptions(addComparisonFlags(command));
  return command.action(async ({ out, json }: { out: string; json?: boolean }) => {
    const configuration = await readComparisonOptions(command);
    // Networks are built to check the options, which any engine can do: the one for training may be on other hosts only.
    await useEngine('cpu');
    const interruption = watchForInterruption(() => note(context, 'interrupted'));
    try {
      const { signal } = interruption;
      const sweep = await planSweep(configuration, out, { signal, onStage: (message) => note(context, message) });
      if (!sweep) throw new Interrupted();
      printPlan(context, json, out, sweep);
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      context.status = interruption.status() ?? context.status;
    } finally {
      interruption.dispose();
    }
  });
}

function printPlan(context: Context, json: boolean | undefined, out: string, sweep: PlannedSweep): void {
  const { manifest, added, splits } = sweep;
  const { id, runs } = manifest;
  const document = { sweep: out, id, runs: runs.length, added, folds: sweep.configuration.folds ?? null };
  printResult(context, json, document, () => {
    const before = added < runs.length ? `, ${runs.length - added} of them planned before` : '';
    const folds = splits.size > 1 ? ` over ${splits.size} folds` : '';
    const last = runs.length - 1;
    return [
      `sweep: ${out}`,
      `runs:  ${counted(runs.length, 'run')}${folds}${before}, index 0 to ${last}`,
      `next:  interseg sweep run ${quoteArgument(out)} --index 0`,
      '',
    ].join('\n');
  });
}
