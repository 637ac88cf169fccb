import type { Command } from 'commander';
import { writeReport } from '../report/write-report.ts';
import { printResult, type Context } from '../terminal/context.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

/** `interseg report` */
export function reportCommand(context: Context): Command {
  const command = createCommand('report', 'Write the report.html of a run anew from the files of the run.', [
    'report runs/spleen',
  ]);
  addOutputOptions(command.argument('<run>', 'folder of the run'));
  return command.action(async (run: string, { json }: { json?: boolean }) => {
    const report = await writeReport(run);
    printResult(context, json, { run, report }, () => `${report}\n`);
  });
}
