import { readFile } from 'node:fs';
import { promisify } from 'node:util';
import { DataError } from '@interseg/errors';
import { readJsonObject } from '@interseg/files';
import { type MetricsFile, bestEpoch, parseHistoryCsv } from '@interseg/training';
import { plannedOf, type PlannedRun } from '../sweep/sweep-configuration.ts';
import type { ComparisonFolder } from '../sweep/sweep-folder.ts';
import { bestDice, type ValidationPoint } from './convergence.ts';
import { median, readMeasurements, type ParameterCounts } from './measurements.ts';

/** A finished run of a comparison. */
export interface ComparedRun extends PlannedRun {
  /** The run folder, from the comparison's. */
  folder: string;
  engine: string;
  epochs: number;
  /** Whose weights are shipped. */
  bestEpoch: number;
  bestValidationDice: number | null;
  validation: ValidationPoint[];
  /** Wall time of training, validation included. */
  seconds: number;
  /** Median wall time of a training step; `null` where no epoch had two steps. */
  secondsPerStep: number | null;
  parameters: ParameterCounts | null;
  metrics: MetricsFile;
}

/** Reads a finished run. @throws DataError when its files cannot be read */
export async function readComparedRun(folder: ComparisonFolder, planned: PlannedRun): Promise<ComparedRun> {
  const files = folder.run(planned);
  const metrics = (await readJsonObject(files.metrics, 'the metrics of a run')) as unknown as MetricsFile;
  const history = parseHistoryCsv(await promisify(readFile)(files.history, 'utf8'));
  const best = bestEpoch(history);
  if (!best) throw new DataError(`${files.history}: found no epoch, expected those of a finished run.`);
  const measurements = await readMeasurements(folder.measurements(planned));
  let seconds = 0;
  const validation = history.map((record): ValidationPoint => {
    seconds += record.seconds;
    return { epoch: record.epoch, seconds, dice: record.valDice ?? null };
  });
  return {
    ...plannedOf(planned),
    folder: `runs/${folder.runName(planned)}`,
    engine: metrics.engine,
    epochs: history.length,
    bestEpoch: best.epoch,
    bestValidationDice: bestDice(validation),
    validation,
    seconds,
    secondsPerStep: median(measurements?.stepSeconds ?? []),
    parameters: measurements?.parameters ?? null,
    metrics,
  };
}
