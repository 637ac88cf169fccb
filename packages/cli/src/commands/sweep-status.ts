import { setTimeout as sleep } from 'node:timers/promises';
import { comparisonFolder, readPlan, readStatus, type SweepStatus } from '@interseg/experiments';
import type { Command } from 'commander';
import { watchForInterruption } from '../execution/interruption.ts';
import { loadSweepPlugins } from '../options/sweep-plugins.ts';
import { parseNumber } from '../options/parse-number.ts';
import { statusDocument, statusText } from '../sweep/print-status.ts';
import { queueNotes } from '../sweep/queue-notes.ts';
import { printResult, type Context } from '../terminal/context.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

interface SweepStatusFlags {
  watch?: number | true;
  all?: boolean;
  json?: boolean;
}

const parseSeconds = parseNumber((seconds) => seconds >= 1 && seconds <= 86_400, 'seconds, from 1 to 86400');
const clearScreen = '\u001b[H\u001b[2J\u001b[3J';

/** `interseg sweep status` */
export function sweepStatusCommand(context: Context): Command {
  const command = createCommand('status', [
    'sweep status sweeps/spleen',
    'sweep status sweeps/spleen --watch 30',
    'sweep status sweeps/spleen --json',
  ]);
  command
    .argument('<sweep>', 'sweep folder')
    .option(
      '--watch [seconds]',
      'show it again every so many seconds (default: 10), until no run is left',
      parseSeconds,
    )
    .option(
      '--all',
      'list every run; otherwise, of more than 40, those that are worked on, were interrupted or failed',
    );
  addOutputOptions(command);
  return command.action(async (sweep: string, { watch, all, json }: SweepStatusFlags) => {
    await loadSweepPlugins(sweep);
    const folder = comparisonFolder(sweep);
    const show = async (): Promise<SweepStatus> => {
      const plan = await readPlan(folder);
      const [status, queue] = await Promise.all([
        readStatus(folder, plan),
        queueNotes(context, { folder, manifest: plan.manifest }),
      ]);
      printResult(context, json, statusDocument(sweep, status, queue), () => statusText(sweep, status, { all, queue }));
      return status;
    };
    if (watch === undefined) {
      await show();
      return;
    }
    const { signal, dispose } = watchForInterruption(() => undefined);
    const isTerminal = (context.stdout as { isTTY?: boolean }).isTTY === true && !json;
    try {
      for (;;) {
        if (isTerminal) context.stdout.write(clearScreen);
        const { counts } = await show();
        if (counts.finished + counts.refused + counts.failed === sum(counts)) return;
        await sleep((watch === true ? 10 : watch) * 1000, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return;
      }
    } finally {
      dispose();
    }
  });
}

function sum(counts: SweepStatus['counts']): number {
  return Object.values(counts).reduce((all, count) => all + count, 0);
}
