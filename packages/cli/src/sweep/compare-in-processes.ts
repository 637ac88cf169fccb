import {
  collect,
  describeRun,
  planSweep,
  readStandings,
  type ComparisonConfiguration,
  type ComparisonFile,
} from '@interseg/experiments';
import { useEngine } from '@interseg/runtime';
import { exitStatus } from '../errors/exit-status.ts';
import { watchForInterruption } from '../execution/interruption.ts';
import { note, type Context } from '../terminal/context.ts';
import { counted } from '../terminal/numbers.ts';
import { runInProcesses } from './run-in-processes.ts';

/**
 * Compares with several processes at a time: plans, does each open run with `interseg sweep run`, and collects.
 *
 * @returns the comparison, or nothing where it was interrupted or its input is at fault: the exit status says which
 */
export async function compareInProcesses(
  context: Context,
  configuration: ComparisonConfiguration,
  { out, parallel }: { out: string; parallel: number },
): Promise<ComparisonFile | undefined> {
  // Networks are built to check the options, which any engine can do.
  await useEngine('cpu');
  const interruption = watchForInterruption((received) => note(context, `${received}: ending after the current steps`));
  try {
    const { signal } = interruption;
    const sweep = await planSweep(configuration, out, { signal, onStage: (message) => note(context, message) });
    if (!sweep) {
      context.status = interruption.status() ?? exitStatus.failed;
      return undefined;
    }
    const { folder, manifest } = sweep;
    const silence = configuration.lockSilence;
    const standings = await readStandings(folder, manifest.runs, { silence });
    const open = standings.filter(({ state }) => state !== 'finished').map(({ run }) => run);
    const done = manifest.runs.length - open.length;
    note(context, `${counted(manifest.runs.length, 'run')}${done > 0 ? `, ${done} of them already finished` : ''}`);
    let ended = done;
    let fatal: number | undefined;
    await runInProcesses(out, open, {
      parallel,
      flags: ['--again'],
      signal,
      onBegin: (run) => note(context, `run ${run.index + 1}/${manifest.runs.length}: ${describeRun(run)}`),
      onEnd: (run, { status, lastLine }) => {
        if (status === exitStatus.done) {
          note(context, `${describeRun(run)}: finished, ${++ended} of ${manifest.runs.length}`);
          return true;
        }
        if (signal.aborted || fatal !== undefined) return false;
        note(context, `${describeRun(run)} failed: ${lastLine.replace(/^error: /, '')}`);
        // What would make every other run fail, too, ends the comparison.
        const isOfAll = status === exitStatus.badInput || status === exitStatus.lockLost;
        if (isOfAll) fatal = status;
        return !isOfAll;
      },
    });
    context.status = fatal ?? interruption.status() ?? context.status;
    if (fatal !== undefined || signal.aborted) return undefined;
    return (await collect(sweep, { partial: true })).comparison;
  } finally {
    interruption.dispose();
  }
}
