import type { StepBatch } from './slices.ts';
import type { StepResult } from './train-step.ts';
import type { SkippedBatch, TrainingState } from './training-state.ts';

/**
 * What to do with a batch whose loss or gradients are not finite: `'stop'` ends training; `'skip'` leaves the network as it
 * was and continues with the next batch; `'halve-lr'` also halves the learning rate for the rest of training.
 */
export const onNanChoices = ['stop', 'skip', 'halve-lr'] as const;
/** One of {@link onNanChoices}. */
export type OnNan = (typeof onNanChoices)[number];

/** What to do with batches whose loss or gradients are not finite. */
export interface NonFiniteOptions {
  /** What to do with such a batch. Defaults to `'stop'`. */
  onNan?: OnNan;
  /** Called for each batch that was skipped, with the reason in one sentence. */
  onSkip?: (batch: SkippedBatch, message: string) => void;
}

/** Which number of a step is not finite, in words; `undefined` if all are. */
export function notFinite({ loss, gradientNorm }: StepResult): string | undefined {
  if (!Number.isFinite(loss.total)) return `loss is ${loss.total}`;
  // A finite loss can have gradients that are not.
  return Number.isFinite(gradientNorm) ? undefined : `gradients' norm is ${gradientNorm}`;
}

/** More skipped batches in a row are not the fault of single batches. */
const mostInARow = 10;

/**
 * Records in the state that a batch was skipped; the step itself has left the network as it was.
 *
 * @throws Error that names the batch's cases, if training is to stop or too many batches in a row were skipped
 */
export function skipBatch(
  state: TrainingState,
  batch: StepBatch,
  result: StepResult,
  { onNan = 'stop', onSkip }: NonFiniteOptions,
): false {
  const cases = [...new Set(batch.cases)];
  const what = notFinite(result) ?? `gradients' norm is ${result.gradientNorm}`;
  const where = `The ${what} in epoch ${state.epoch}, step ${state.step + 1} (cases ${cases.join(', ')})`;
  if (onNan === 'stop') {
    throw new Error(
      `${where}; a finite number is expected: lower the learning rate, look at these cases, or skip such batches with onNan 'skip' or 'halve-lr'.`,
    );
  }
  state.skippedInARow = (state.skippedInARow ?? 0) + 1;
  if (state.skippedInARow > mostInARow) {
    throw new Error(`${where}, as in the ${mostInARow} batches before it; a finite number is expected.`);
  }
  const skipped = { epoch: state.epoch, stepInEpoch: state.stepInEpoch + 1, loss: String(result.loss.total), cases };
  state.skipped = [...(state.skipped ?? []), skipped];
  if (onNan === 'halve-lr') state.learningRateFactor = (state.learningRateFactor ?? 1) / 2;
  const halved = onNan === 'halve-lr' ? ', and the learning rate halved' : '';
  onSkip?.(skipped, `${where}: the batch was skipped${halved}`);
  return false;
}

/** `skipped.csv` as text: the batches that were skipped. */
export function skippedCsv(skipped: readonly SkippedBatch[]): string {
  const rows = skipped.map(({ epoch, stepInEpoch, loss, cases }) => [epoch, stepInEpoch, loss, cases.join(' ')]);
  return ['epoch,step_in_epoch,loss,cases', ...rows.map((row) => row.join(','))].join('\n') + '\n';
}
