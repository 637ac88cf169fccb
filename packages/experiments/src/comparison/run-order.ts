import { DataError } from '@interseg/errors';
import { exists, readJsonObject } from '@interseg/files';
import { z } from 'zod';
import { plannedRuns, type ComparisonConfiguration, type PlannedRun } from './comparison-configuration.ts';
import type { ComparisonFolder } from './comparison-folder.ts';

/** `runs.json`: all runs in their order, to which a comparison that grows appends. */
const schema = z.object({ runs: z.array(z.object({ variant: z.string(), seed: z.int().min(0) })) });

/** Whether two runs of a comparison are the same. */
export function isSameRun(a: PlannedRun, b: PlannedRun): boolean {
  return a.variant === b.variant && a.seed === b.seed;
}

/**
 * The order of all runs: those that there were keep their places, so that a number that somebody has noted never means
 * another run; what variants and seeds were added brings comes behind them, seed after seed.
 */
export function extendOrder(
  before: readonly PlannedRun[],
  configuration: Pick<ComparisonConfiguration, 'variants' | 'seeds'>,
): PlannedRun[] {
  const added = plannedRuns(configuration).filter((run) => !before.some((one) => isSameRun(one, run)));
  return [...before, ...added];
}

/** The order that a comparison has written down, if it has. @throws DataError when the file is not valid */
export async function readOrder({ runs: path }: ComparisonFolder): Promise<PlannedRun[] | undefined> {
  if (!(await exists(path))) return undefined;
  const parsed = schema.safeParse(await readJsonObject(path, 'the runs of a comparison'));
  if (parsed.success) return parsed.data.runs;
  throw new DataError(`${path}: found something else, expected the runs of a comparison, each a variant and a seed.`);
}
