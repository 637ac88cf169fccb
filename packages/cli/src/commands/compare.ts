import { access } from 'node:fs/promises';
import {
  compare,
  comparisonFolder,
  type ComparisonConfiguration,
  type ComparisonFile,
  type ComparisonResult,
} from '@interseg/experiments';
import type { Command } from 'commander';
import { printComparison } from '../comparison-report/print-comparison.ts';
import { writeComparisonReport } from '../comparison-report/write-comparison-report.ts';
import { quoteArgument } from '../environment/environment.ts';
import { exitStatus } from '../errors/exit-status.ts';
import { performWork } from '../execution/perform-work.ts';
import { addComparisonFlags, readComparisonOptions } from '../options/comparison-options.ts';
import { ComparisonProgress } from '../progress/comparison-progress.ts';
import { writeReport } from '../run-report/write-run-report.ts';
import { note, type Context } from '../terminal/context.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

/** `interseg compare` */
export function compareCommand(context: Context): Command {
  const command = createCommand(
    'compare',
    'Train several networks with several seeds on the same split and budget, and test their differences. Run the same command again to continue an interrupted comparison.',
    [
      'compare --data Task09_Spleen --variants unet,twi-unet --seeds 1,2,3 --out comparisons/spleen',
      'compare --data phantoms --variants all --seeds 1 --epochs 20 --out comparisons/all',
      'compare --config heart.yaml --variants unet,sae-unet --out comparisons/heart',
    ],
  );
  command
    .requiredOption('--out <folder>', 'comparison folder: new, or one to continue')
    .option(
      '--config <file>',
      'options from a .yaml, .json or .jsonc file, named as in config.json; flags take precedence',
    );
  addOutputOptions(addComparisonFlags(command));
  return command.action(async ({ out, json }: { out: string; json?: boolean }) => {
    await performComparison(context, await readComparisonOptions(command), { out, json });
  });
}

async function performComparison(
  context: Context,
  configuration: ComparisonConfiguration,
  { out, json }: { out: string; json?: boolean },
): Promise<void> {
  const progress = new ComparisonProgress(context.stderr);
  const { engine, threads } = configuration;
  await performWork<ComparisonResult>(
    context,
    { engine, threads, progress },
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
        const again = ['interseg', ...context.commandLine].map(quoteArgument).join(' ');
        note(context, `interrupted; continue with: ${again}`);
        printComparison(context, json, { out });
        return;
      }
      note(context, 'writing the report');
      await completeRunReports(out, comparison);
      const written = await writeComparisonReport(out);
      if (comparison.failed.length > 0) context.status = exitStatus.failed;
      printComparison(context, json, { out, comparison, ...written });
    },
  );
}

/** Writes missing reports: a run that finished just before an interruption has none yet. */
async function completeRunReports(out: string, { runs }: ComparisonFile): Promise<void> {
  for (const run of runs) {
    const { root, report } = comparisonFolder(out).run(run);
    await access(report).catch(() => writeReport(root));
  }
}
