import { existsSync } from 'node:fs';
import { comparisonFolder, type ComparisonFile } from '@interseg/experiments';
import { exitStatus } from '../errors/exit-status.ts';
import { writeReport } from '../run-report/write-run-report.ts';
import { note, type Context } from '../terminal/context.ts';
import { printComparison } from './print-comparison.ts';
import { writeComparisonReport } from './write-comparison-report.ts';

/** Writes the reports of a comparison that has been collected, and prints it. The exit status is 1 where a run has failed. */
export async function finishComparison(
  context: Context,
  comparison: ComparisonFile,
  { out, json }: { out: string; json?: boolean },
): Promise<void> {
  note(context, 'writing the report');
  await completeRunReports(out, comparison);
  const written = await writeComparisonReport(out, comparison);
  if (comparison.failed.length > 0) context.status = exitStatus.failed;
  printComparison(context, json, { out, comparison, ...written });
}

/** Writes missing reports: a run that finished just before an interruption has none yet. */
async function completeRunReports(out: string, { runs }: ComparisonFile): Promise<void> {
  for (const run of runs) {
    const { root, report } = comparisonFolder(out).run(run);
    if (!existsSync(report)) await writeReport(root);
  }
}
