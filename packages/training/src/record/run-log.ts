import { appendFileSync } from 'node:fs';
import { fileError } from '@interseg/files';
import type { EpochRecord } from '../loop/history.ts';

/** `log.txt`: one line for each event, with its time. A later process appends to it. */
export class RunLog {
  private readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** @throws DataError when the file cannot be written to */
  line(text: string): void {
    try {
      appendFileSync(this.path, `${new Date().toISOString()}  ${text.replace(/\s*\n\s*/g, ' ')}\n`);
    } catch (error) {
      throw fileError(this.path, error, 'a log that can be written to');
    }
  }

  /** Writes the numbers of an epoch, each with its name. */
  epoch(record: EpochRecord, isBest: boolean): void {
    const { epoch, step, seconds, learningRate } = record;
    const values: [string, number | undefined][] = [
      ['learning rate', learningRate],
      ['loss', record.trainLoss],
      ['image', record.lossImage],
      ['deep supervision', record.lossDeepSupervision],
      ['mask', record.lossMask],
      ['intermediate', record.lossIntermediate],
      ['reconstruction', record.lossReconstruction],
      ['of unlabelled slices', record.lossReconstructionUnlabelled],
      ['consistency', record.lossConsistency],
      ['gradient norm', record.gradientNorm],
      ['skipped batches', record.skipped],
      ['validation loss', record.valLoss],
      ['validation Dice', record.valDice],
      ['smoothed score', record.smoothedScore],
    ];
    const known = values.filter(([, value]) => value !== undefined).map(([name, value]) => `${name} ${digits(value)}`);
    const best = isBest ? ', best so far' : '';
    this.line(`epoch ${epoch}, step ${step}: ${known.join(', ')}, ${seconds.toFixed(1)} s${best}`);
  }
}

const digits = (value = 0): string => String(Number(value.toPrecision(5)));
