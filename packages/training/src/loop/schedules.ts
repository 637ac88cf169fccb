import { OptionError } from '@interseg/errors';
import { defaultLossWeights } from '@interseg/losses';
import { optimizerDefaults } from '../optimizer/create-optimizer.ts';

/** A learning rate that decays in steps, epoch by epoch. */
export interface LearningRateSchedule {
  /** Of the first epoch, above 0. Defaults to 2e-3, with `'sgd'` to 0.01; 3e-4 in the paper. */
  learningRate: number;
  /** The factor of each decay, in (0, 1]. Defaults to 0.9, as in the paper. */
  learningRateDecay: number;
  /** Epochs between two decays, at least 1. Defaults to 3, as in the paper. */
  decayEvery: number;
}

/**
 * How the learning rate changes: `'step'`, times `learningRateDecay` every `decayEvery` epochs, as in the paper;
 * `'polynomial'`, as (1 − t)^0.9, nnU-Net's; `'cosine'`, as half a cosine, (1 + cos πt) / 2 (Loshchilov & Hutter, arXiv
 * 1608.03983); or `'constant'`. t is the share of all epochs after the warm-up that is done, so that polynomial and
 * cosine fall from step to step, to 0 at the last of `epochs`.
 */
export const scheduleNames = ['step', 'polynomial', 'cosine', 'constant'] as const;
/** One of {@link scheduleNames}. */
export type ScheduleName = (typeof scheduleNames)[number];

/** A schedule of the learning rate; `learningRateDecay` and `decayEvery` belong to `'step'` alone. */
export interface ScheduleOptions extends Partial<LearningRateSchedule> {
  /** Defaults to `'step'`. */
  schedule?: ScheduleName;
  /**
   * Epochs in which the learning rate rises, by equal steps, from its n-th part in the first of their n steps to the whole
   * in the last. At least 0, may be a fraction, and is below `epochs` where the schedule ends with them. Defaults to 0.
   */
  warmUpEpochs?: number;
}

/** The schedule of Yuan et al., arXiv 2012.03673: Adam with 3e-4, times 0.9 every three epochs. */
export const paperSchedule: Readonly<LearningRateSchedule> = {
  learningRate: 3e-4,
  learningRateDecay: 0.9,
  decayEvery: 3,
};

/** The default schedule: the paper's, from the higher rate that Adam has by default. */
export const defaultSchedule: Readonly<LearningRateSchedule> = {
  ...paperSchedule,
  learningRate: optimizerDefaults.adam.learningRate,
};

/** Whether a schedule ends with the last epoch: to stop before that is to stop at a learning rate that is too high. */
export function endsWithEpochs(schedule: ScheduleName = 'step'): boolean {
  return schedule === 'polynomial' || schedule === 'cosine';
}

/** The learning rate in an epoch, counted from 1, of the schedule `'step'`. */
export function learningRateAt(
  epoch: number,
  { learningRate, learningRateDecay, decayEvery }: LearningRateSchedule,
): number {
  return learningRate * learningRateDecay ** Math.floor((epoch - 1) / decayEvery);
}

/** When a step happens. */
export interface ScheduleTime {
  /** The epoch of the step, counted from 1. */
  epoch: number;
  /** Steps of the epoch before it. */
  stepInEpoch: number;
  stepsPerEpoch: number;
  /** All epochs that training has. */
  epochs: number;
}

/** The exponent of nnU-Net's polynomial schedule. */
const exponent = 0.9;

/** The learning rate of a step. */
export function scheduledLearningRate(time: ScheduleTime, options: ScheduleOptions & { learningRate: number }): number {
  const { schedule = 'step', warmUpEpochs = 0 } = options;
  const { epoch, stepsPerEpoch, epochs } = time;
  const done = epoch - 1 + time.stepInEpoch / stepsPerEpoch;
  const warmUp = warmUpEpochs > 0 ? Math.min(1, (done + 1 / stepsPerEpoch) / warmUpEpochs) : 1;
  const t = Math.min(1, Math.max(0, done - warmUpEpochs) / (epochs - warmUpEpochs));
  const rates: Record<ScheduleName, () => number> = {
    step: () => learningRateAt(epoch, { ...defaultSchedule, ...options }),
    polynomial: () => options.learningRate * (1 - t) ** exponent,
    cosine: () => (options.learningRate * (1 + Math.cos(Math.PI * t))) / 2,
    constant: () => options.learningRate,
  };
  return rates[schedule]() * warmUp;
}

/**
 * @throws OptionError when the schedule is unknown, is given what another one needs, or has no epoch left after the
 * warm-up
 */
export function checkSchedule(options: ScheduleOptions & { epochs?: number }): void {
  const { schedule = 'step', warmUpEpochs = 0, epochs = 100 } = options;
  if (!scheduleNames.includes(schedule)) {
    throw new OptionError(`The option schedule is ${schedule}, expected one of ${scheduleNames.join(', ')}.`);
  }
  for (const name of ['learningRateDecay', 'decayEvery'] as const) {
    if (schedule === 'step' || options[name] === undefined) continue;
    throw new OptionError(
      `The option ${name} is ${options[name]}, expected none with the schedule ${schedule}: it belongs to the schedule step.`,
    );
  }
  const isBelow = !endsWithEpochs(schedule) || warmUpEpochs < epochs;
  if (Number.isFinite(warmUpEpochs) && warmUpEpochs >= 0 && isBelow) return;
  const range = endsWithEpochs(schedule) ? `at least 0 and below the ${epochs} epochs` : 'at least 0';
  throw new OptionError(`The option warmUpEpochs is ${warmUpEpochs}, expected a finite number ${range}.`);
}

/**
 * λ in an epoch, counted from 1, when it warms up: 0 in the first epoch, then rising by equal steps to the whole λ after
 * `epochs` of them. The paper has no warm-up; it lets the mask path learn features before they are matched (equation 3).
 *
 * @param lambda the whole λ, at least 0. Defaults to that of `@interseg/losses`.
 */
export function warmedLambda(epoch: number, epochs: number, lambda: number = defaultLossWeights.lambda): number {
  return lambda * Math.min(1, (epoch - 1) / epochs);
}
