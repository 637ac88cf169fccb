import {
  comparisonFolder,
  isFinished,
  performSweepRun,
  readPlan,
  runOfIndex,
  type RunOutcome,
} from '@interseg/experiments';
import { EngineError } from '@interseg/runtime';
import { optionsWhere, runOptionsSchema, type RunHooks } from '@interseg/training';
import type { Command } from 'commander';
import { quoteArgument } from '../environment/environment.ts';
import { UsageError } from '../errors/usage-error.ts';
import { performWork } from '../execution/perform-work.ts';
import { parseWholeNumber } from '../options/parse-number.ts';
import { addRunFlags, readRunFlags } from '../options/run-options.ts';
import { RunProgress } from '../progress/run-progress.ts';
import { printRun } from '../run-report/print-run.ts';
import { writeReport } from '../run-report/write-run-report.ts';
import { note, printResult, type Context } from '../terminal/context.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

interface SweepRunFlags {
  index: number;
  again?: boolean;
  json?: boolean;
}

/** What may differ from host to host: what changes no result, and how many cores there are. */
const ofHost = [...optionsWhere(runOptionsSchema, ({ changesResult }) => !changesResult), 'threads' as const];

/** `interseg sweep run` */
export function sweepRunCommand(context: Context): Command {
  const command = createCommand('run', [
    'sweep run sweeps/spleen --index 4',
    'sweep run sweeps/spleen --index "$SLURM_ARRAY_TASK_ID" --cache /local/scratch/slices',
  ]);
  command
    .argument('<sweep>', 'sweep folder')
    .requiredOption('--index <n>', 'index of the run in runs.json, from 0', parseWholeNumber(0))
    .option('--again', 'try a run again whose input was at fault before');
  addOutputOptions(addRunFlags(command, ofHost));
  return command.action(async (sweep: string, { index, again, json }: SweepRunFlags) => {
    const folder = comparisonFolder(sweep);
    const plan = await readPlan(folder);
    const run = runOfIndex(plan.manifest, index);
    const configuration = { ...plan.configuration, ...readRunFlags(command, ofHost) };
    note(context, `run ${index}: ${run.name}`);
    const { root, report } = folder.run(run);
    if (await isFinished(run, { folder, again })) {
      printFinished(context, json, root);
      return;
    }
    const progress = new RunProgress(context.stderr);
    const work = async (hooks: RunHooks): Promise<RunOutcome> =>
      performSweepRun(run, { folder, configuration, again }, { ...hooks, lockWait: 'release' });
    await performWork(context, { ...configuration, progress }, work, async (outcome) => {
      const { result: ended, interruption, engine: name } = outcome;
      const { state, result }: RunOutcome = ended ?? { state: 'interrupted' };
      if (state === 'finished' && !result) {
        printFinished(context, json, root);
      } else if (state === 'finished' && result) {
        note(context, 'writing the report');
        await writeReport(root);
        printRun(context, json, { run: root, engine: name, result, report });
      } else {
        context.status = interruption ?? context.status;
        note(context, `interrupted; continue with: interseg sweep run ${quoteArgument(sweep)} --index ${index}`);
        printRun(context, json, { run: root, engine: name, result: { stopped: 'interrupted', history: [] } });
      }
    }).catch((error: unknown) => {
      // It is this host that has no such engine: another one may.
      const isOfHost = error instanceof UsageError && error.cause instanceof EngineError;
      throw isOfHost ? new Error(error.message, { cause: error }) : error;
    });
  });
}

/** Another process has finished the run. */
function printFinished(context: Context, json: boolean | undefined, run: string): void {
  note(context, 'the run is finished already');
  printResult(context, json, { run, stopped: 'finished' }, () => `run:     ${run}\n`);
}
