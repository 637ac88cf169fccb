import type { RunState, RunStatus, SweepStatus } from '@interseg/experiments';
import { counted, decimals, duration } from '../terminal/numbers.ts';
import { textTable, type Column } from '../terminal/table.ts';

/** What a scheduler says of a run, by the run's index: it decorates the status, which does not depend on it. */
export type QueueNotes = ReadonlyMap<number, string>;

/** Of more runs, only those are listed of which something is to be seen. */
const mostRuns = 40;
const worthSeeing: readonly RunState[] = ['running', 'silent', 'interrupted', 'failed', 'refused'];

/** The JSON document of `interseg sweep status`. */
export function statusDocument(sweep: string, { id, counts, secondsLeft, runs }: SweepStatus, queue?: QueueNotes) {
  return {
    sweep,
    id,
    counts,
    secondsLeft,
    runs: runs.map(({ run, state, holder, quiet, epoch, epochs, bestDice, secondsLeft: left, failure }) => {
      const { index, name, variant, seed, fold } = run;
      return {
        ...{ index, name, variant, seed, fold: fold ?? null, state },
        ...{ host: holder?.host ?? null, pid: holder?.pid ?? null, quietSeconds: quiet ?? null },
        ...{ epoch, epochs, bestValidationDice: bestDice, secondsLeft: left, failure: failure ?? null },
        ...(queue && { queue: queue.get(index) ?? null }),
      };
    }),
  };
}

const columns: readonly Column[] = [
  { heading: 'index', numeric: true },
  { heading: 'run' },
  { heading: 'state' },
  { heading: 'host' },
  { heading: 'epoch', numeric: true },
  { heading: 'best Dice', numeric: true },
  { heading: 'left', numeric: true },
];

/** The status of a sweep for people: how many runs are in each state, and a table of runs. */
export function statusText(
  sweep: string,
  status: SweepStatus,
  { all = false, queue }: { all?: boolean; queue?: QueueNotes } = {},
): string {
  const { runs, counts, secondsLeft } = status;
  const parts = (Object.keys(counts) as RunState[])
    .filter((state) => counts[state] > 0)
    .map((state) => `${counts[state]} ${state}`);
  const left = secondsLeft
    ? `; at most ${duration(secondsLeft)} left with ${counted(Math.max(1, counts.running), 'run')} at a time`
    : '';
  const lines = [`sweep: ${sweep}`, `${counted(runs.length, 'run')}: ${parts.join(', ')}${left}`, ''];
  const shown = all || runs.length <= mostRuns ? runs : runs.filter(({ state }) => worthSeeing.includes(state));
  if (shown.length > 0) {
    const rows = shown.map((run) => row(run, queue));
    lines.push(textTable([...columns, ...(queue ? [{ heading: 'queue' }] : [])], rows));
  }
  const failures = shown.flatMap(({ run, failure }) => (failure ? `${run.index}  ${failure.message}` : []));
  if (failures.length > 0) lines.push('failed:', ...failures, '');
  return lines.join('\n');
}

function row(
  { run, state, holder, quiet, epoch, epochs, bestDice, secondsLeft }: RunStatus,
  queue?: QueueNotes,
): string[] {
  return [
    String(run.index),
    run.name,
    state === 'silent' ? `silent for ${duration(quiet ?? 0)}` : state,
    holder?.host ?? '',
    `${epoch}/${epochs}`,
    decimals(bestDice, 3),
    secondsLeft ? duration(secondsLeft) : '',
    ...(queue ? [queue.get(run.index) ?? ''] : []),
  ];
}
