import type { StepBatch, StepResult } from './train-step.ts';
import type { SkippedBatch, TrainingState } from './training-state.ts';

/**
 * What is done about a batch whose loss or gradients are not finite: `'stop'` ends training; `'skip'` leaves the network as
 * it was and goes on with the next batch; `'halve-lr'` also halves the learning rate, for good.
 */
export const onNanChoices = ['stop', 'skip', 'halve-lr'] as const;
/** One of {@link onNanChoices}. */
export type OnNan = (typeof onNanChoices)[number];

/** What is done about batches whose numbers are not finite. */
export interface NonFiniteOptions {
  /** What is done about such a batch; `'stop'` unless told. */
  onNan?: OnNan;
  /** Told of each batch that was passed over, also in a sentence. */
  onSkip?: (batch: SkippedBatch, message: string) => void;
}

/** What of a step is not a finite number, in words; nothing where all is. */
export function notFinite({ loss, gradientNorm }: StepResult): string | undefined {
  if (!Number.isFinite(loss.total)) return `loss is ${loss.total}`;
  // The loss may be finite while its gradients are not: they come of the same batch.
  return Number.isFinite(gradientNorm) ? undefined : `gradients' norm is ${gradientNorm}`;
}

/** So many in a row are no accident of a batch. */
const mostInARow = 10;

/**
 * Notes in the state that a batch was passed over; the step itself has left the network as it was.
 *
 * @throws Error that names the batch's cases, when training is to stop or too many batches in a row were passed over
 */
export function passOver(
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
      `${where}; a finite number is expected: lower the learning rate, look at these cases, or pass over such batches with onNan 'skip' or 'halve-lr'.`,
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
  onSkip?.(skipped, `${where}: the batch was passed over${halved}`);
  return false;
}

/** `skipped.csv` as text: the batches that were passed over. */
export function skippedCsv(skipped: readonly SkippedBatch[]): string {
  const rows = skipped.map(({ epoch, stepInEpoch, loss, cases }) => [epoch, stepInEpoch, loss, cases.join(' ')]);
  return ['epoch,step_in_epoch,loss,cases', ...rows.map((row) => row.join(','))].join('\n') + '\n';
}
