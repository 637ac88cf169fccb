import { compare, type ComparisonConfiguration, type ComparisonResult } from '@interseg/experiments';
import type { Command } from 'commander';
import { finishComparison } from '../comparison-report/finish-comparison.ts';
import { printComparison } from '../comparison-report/print-comparison.ts';
import { quoteArgument } from '../environment/environment.ts';
import { performWork } from '../execution/perform-work.ts';
import { parseWholeNumber } from '../options/parse-number.ts';
import { compareInProcesses } from '../sweep/compare-in-processes.ts';
import { addComparisonFlags, readComparisonOptions } from '../options/comparison-options.ts';
import { ComparisonProgress } from '../progress/comparison-progress.ts';
import { writeReport } from '../run-report/write-run-report.ts';
import { note, type Context } from '../terminal/context.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

/** `interseg compare` */
export function compareCommand(context: Context): Command {
  const command = createCommand('compare', [
    'compare --data Task09_Spleen --variants unet,twi-unet --seeds 1,2,3 --out comparisons/spleen',
    'compare --data phantoms --variants all --seeds 1 --epochs 20 --out comparisons/all',
    'compare --config heart.yaml --variants unet,sae-unet --out comparisons/heart',
  ]);
  command
    .requiredOption('--out <folder>', 'comparison folder: new, or one to continue')
    .option(
      '--config <file>',
      'options from a .yaml, .json or .jsonc file, named as in config.json; flags take precedence',
    );
  command.option(
    '--parallel <n>',
    'do so many runs at a time, each in a process of its own (default: 1); give --threads, too, so that they share the cores',
    parseWholeNumber(1),
  );
  addOutputOptions(addComparisonFlags(command));
  return command.action(async ({ out, parallel = 1, json }: CompareFlags) => {
    const configuration = await readComparisonOptions(command);
    if (parallel === 1) {
      await performComparison(context, configuration, { out, json });
      return;
    }
    const comparison = await compareInProcesses(context, configuration, { out, parallel });
    if (comparison) await finishComparison(context, comparison, { out, json });
    else tellInterrupted(context, { out, json });
  });
}

interface CompareFlags {
  out: string;
  parallel?: number;
  json?: boolean;
}

function tellInterrupted(context: Context, { out, json }: { out: string; json?: boolean }): void {
  const again = ['interseg', ...context.commandLine].map(quoteArgument).join(' ');
  note(context, `interrupted; continue with: ${again}`);
  printComparison(context, json, { out });
}

async function performComparison(
  context: Context,
  configuration: ComparisonConfiguration,
  { out, json }: { out: string; json?: boolean },
): Promise<void> {
  const progress = new ComparisonProgress(context.stderr);
  await performWork<ComparisonResult>(
    context,
    { ...configuration, progress },
    (hooks) =>
      compare(configuration, out, {
        ...hooks,
        onPlan: (runs, finished) => progress.plan(runs, finished),
        onRun: (run) => progress.begin(run),
        onRunHeld: (run) => progress.skip(run),
        onRunFailed: (run) => progress.fail(run),
        onRunEnd: async (run, folder) => {
          progress.end(run);
          await writeReport(folder);
        },
      }),
    async ({ result, interruption }) => {
      const { comparison } = result ?? {};
      if (!comparison) {
        context.status = interruption ?? context.status;
        tellInterrupted(context, { out, json });
        return;
      }
      await finishComparison(context, comparison, { out, json });
    },
  );
}
