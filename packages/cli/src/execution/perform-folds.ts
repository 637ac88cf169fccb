import { foldsFolder, type FoldsHooks, type FoldsResult } from '@interseg/training';
import { quoteArgument } from '../environment/environment.ts';
import { FoldsProgress } from '../progress/folds-progress.ts';
import { printFolds } from '../run-report/print-folds.ts';
import { writeReport } from '../run-report/write-run-report.ts';
import { note, type Context } from '../terminal/context.ts';
import { performWork } from './perform-work.ts';
import type { EngineSettings } from './start-engine.ts';

/** Settings of a training with folds besides the work itself. */
export interface FoldsSettings extends EngineSettings {
  /** The folder. */
  out: string;
  json?: boolean;
}

/** Does the work of all folds, writes the report of each and prints the summary. After an interruption, tells how to go on. */
export async function performFolds(
  context: Context,
  { out, json, ...engine }: FoldsSettings,
  work: (hooks: FoldsHooks) => Promise<FoldsResult>,
): Promise<void> {
  const progress = new FoldsProgress(context.stderr);
  await performWork(
    context,
    { ...engine, progress },
    (hooks) =>
      work({
        ...hooks,
        onFold: (fold, folds) => progress.begin(fold, folds),
        onFoldEnd: async (_, __, folder) => {
          progress.clear();
          await writeReport(folder);
        },
      }),
    async ({ result, engine: name, interruption }) => {
      if (!result || result.stopped === 'interrupted') {
        context.status = interruption ?? context.status;
        note(context, `interrupted; continue with: interseg resume ${quoteArgument(out)}`);
      }
      const reports = result?.summary?.folds.map(({ fold }) => foldsFolder(out).fold(fold).report) ?? [];
      printFolds(context, json, { out, engine: name, summary: result?.summary, reports });
    },
  );
}
