import { comparisonFolder, readComparisonConfiguration } from '@interseg/experiments';
import { exists } from '@interseg/files';
import { loadPlugins, readConfiguration, runFolder } from '@interseg/training';
import type { Command } from 'commander';
import { writeComparisonReport } from '../comparison-report/write-comparison-report.ts';
import { writeReport } from '../run-report/write-run-report.ts';
import { printResult, type Context } from '../terminal/context.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

/** `interseg report` */
export function reportCommand(context: Context): Command {
  const command = createCommand('report', ['report runs/spleen', 'report comparisons/spleen']);
  addOutputOptions(command.argument('<run>', 'folder of a run or a comparison'));
  return command.action(async (run: string, { json }: { json?: boolean }) => {
    const isComparison = await exists(comparisonFolder(run).comparison);
    const configuration = isComparison
      ? await readComparisonConfiguration(comparisonFolder(run))
      : await readConfiguration(runFolder(run));
    await loadPlugins(configuration?.plugins ?? [], [run]);
    const report = isComparison ? (await writeComparisonReport(run)).report : await writeReport(run);
    printResult(context, json, { run, report }, () => `${report}\n`);
  });
}
