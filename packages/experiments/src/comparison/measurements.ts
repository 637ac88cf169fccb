import { readJsonObject, writeJson, exists } from '@interseg/files';
import type { StepProgress } from '@interseg/training';

/** How many weights a network has. */
export interface ParameterCounts {
  /** Of the network that is shipped. */
  deploy: number;
  /** In training, each weight once: with those of the mask path and of the reconstruction. */
  training: number;
}

/** `measurements.json` beside a run: what the comparison measures and the run itself does not keep. */
export interface Measurements {
  parameters: ParameterCounts;
  /** Wall time of single training steps, in seconds, over all parts of an interrupted run. */
  stepSeconds: number[];
}

/** The measurements of a run so far, if there are any. */
export async function readMeasurements(path: string): Promise<Measurements | undefined> {
  if (!(await exists(path))) return undefined;
  return (await readJsonObject(path, 'the measurements of a run')) as unknown as Measurements;
}

/** Writes them anew. */
export async function writeMeasurements(path: string, measurements: Measurements): Promise<void> {
  await writeJson(path, measurements);
}

/**
 * Times training steps from one report of a step to the next. The first step of an epoch is left out: before it come
 * validation, checkpoint and the order of the new epoch.
 */
export class StepClock {
  private last?: { epoch: number; stepInEpoch: number; at: number };
  private readonly seconds: number[];
  private readonly now: () => number;

  /** @param seconds takes the times */
  constructor(seconds: number[], now: () => number = () => performance.now() / 1000) {
    this.seconds = seconds;
    this.now = now;
  }

  step({ epoch, stepInEpoch }: Pick<StepProgress, 'epoch' | 'stepInEpoch'>): void {
    const at = this.now();
    if (this.last?.epoch === epoch && this.last.stepInEpoch === stepInEpoch - 1) {
      this.seconds.push(Number((at - this.last.at).toFixed(5)));
    }
    this.last = { epoch, stepInEpoch, at };
  }
}

/** The middle of the values: a step that had to wait for something else does not move it. `null` without any. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return (sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2;
}
