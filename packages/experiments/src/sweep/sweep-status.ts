import { readFile } from 'node:fs';
import { promisify } from 'node:util';
import { summarizeHistory, type HistorySummary } from './history-summary.ts';
import { mapAtOnce } from './map-at-once.ts';
import type { PlannedSweep } from './plan-sweep.ts';
import { readStandings, type RunStanding, type RunState } from './run-states.ts';
import { configurationOfRun } from './sweep-configuration.ts';
import type { ComparisonFolder } from './sweep-folder.ts';

/** A run of a sweep: its state, and how far it has come. */
export interface RunStatus extends RunStanding {
  /** Whole epochs so far. */
  epoch: number;
  /** How many it is to have at most. */
  epochs: number;
  /** The highest validation Dice so far; `null` without any. */
  bestDice: number | null;
  /** Seconds of training left at most, by those of its own epochs or else of other runs; `null` where none has had one. */
  secondsLeft: number | null;
}

/** How a sweep stands. */
export interface SweepStatus {
  id: string;
  /** How many runs are in each state. */
  counts: Record<RunState, number>;
  /** Seconds left at most, with as many runs at a time as there are now; `null` where that cannot be known. */
  secondsLeft: number | null;
  /** In the order of their indices. */
  runs: RunStatus[];
}

/** Takes half the time of the one of `node:fs/promises`: there may be thousands of runs. */
const readText = promisify(readFile);

const noHistory: HistorySummary = { epochs: 0, bestDice: null, seconds: 0 };

/**
 * Looks how a sweep stands, at its run folders and at nothing else: no scheduler, no other host. Nothing is written.
 *
 * @throws DataError when the history of a run cannot be read
 */
export async function readStatus(
  folder: ComparisonFolder,
  { configuration, manifest }: Pick<PlannedSweep, 'configuration' | 'manifest'>,
): Promise<SweepStatus> {
  const standings = await readStandings(folder, manifest.runs, { silence: configuration.lockSilence });
  const histories = await mapAtOnce(standings, async ({ run, hasHistory }) =>
    hasHistory ? summarizeHistory(await readText(folder.run(run).history, 'utf8')) : noHistory,
  );
  const secondsPerEpoch = paceOf(standings, histories);
  const epochsOf = new Map<string, number>();
  const counts: SweepStatus['counts'] = {
    ...{ finished: 0, running: 0, silent: 0, interrupted: 0 },
    ...{ waiting: 0, failed: 0, refused: 0 },
  };
  let left: number | null = 0;
  const runs = standings.map((standing, place): RunStatus => {
    const { run, state } = standing;
    const { epochs: epoch, bestDice } = histories[place]!;
    counts[state]++;
    const epochs = epochsOf.get(run.variant) ?? configurationOfRun(configuration, run, '').epochs;
    epochsOf.set(run.variant, epochs);
    const isOver = state === 'finished' || state === 'refused';
    const pace = secondsPerEpoch(place);
    const secondsLeft = isOver ? 0 : pace === undefined ? null : pace * Math.max(0, epochs - epoch);
    left = left === null || secondsLeft === null ? null : left + secondsLeft;
    return { ...standing, epoch, epochs, bestDice, secondsLeft };
  });
  return { id: manifest.id, counts, secondsLeft: left === null ? null : left / Math.max(1, counts.running), runs };
}

/** Seconds per epoch of a run: its own, or else those of its variant, or else of all. */
function paceOf(
  standings: readonly RunStanding[],
  histories: readonly HistorySummary[],
): (place: number) => number | undefined {
  const sums = new Map<string | undefined, { epochs: number; seconds: number }>();
  for (const [place, { run }] of standings.entries()) {
    const { epochs, seconds } = histories[place]!;
    for (const key of [run.variant, undefined]) {
      const sum = sums.get(key) ?? { epochs: 0, seconds: 0 };
      sums.set(key, { epochs: sum.epochs + epochs, seconds: sum.seconds + seconds });
    }
  }
  return (place) => {
    const known = [histories[place], sums.get(standings[place]!.run.variant), sums.get(undefined)];
    const some = known.find((sum) => sum !== undefined && sum.epochs > 0);
    return some && some.seconds / some.epochs;
  };
}
