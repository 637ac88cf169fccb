import type { EpochRecord } from '../loop/history.ts';

/** The scalars of an epoch by their names in TensorBoard; those that a run does not have are `undefined`. */
export function epochScalars(record: EpochRecord): Record<string, number | undefined> {
  const { scales } = record;
  const levels = (name: string, values: readonly number[] = []): [string, number][] =>
    values.map((value, level) => [`features/${name}_${level}`, value]);
  return {
    'loss/train': record.trainLoss,
    'loss/image': record.lossImage,
    'loss/deep_supervision': record.lossDeepSupervision,
    'loss/mask': record.lossMask,
    'loss/intermediate': record.lossIntermediate,
    'loss/reconstruction': record.lossReconstruction,
    'loss/reconstruction_unlabelled': record.lossReconstructionUnlabelled,
    'loss/consistency': record.lossConsistency,
    'loss/validation': record.valLoss,
    'dice/validation': record.valDice,
    'score/smoothed': record.smoothedScore,
    learning_rate: record.learningRate,
    gradient_norm: record.gradientNorm,
    batches_passed_over: record.skipped,
    seconds_per_epoch: record.seconds,
    ...Object.fromEntries([...levels('y', scales?.features), ...levels("y'", scales?.targets)]),
  };
}
