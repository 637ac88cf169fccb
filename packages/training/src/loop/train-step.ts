import type { SegmentationNetwork, TrainingBatch } from '@interseg/models';
import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import { afterUsable, guardGradients, type GradientGuards } from '../optimizer/gradient-guard.ts';
import type { Optimizer } from '../optimizer/optimizer.ts';
import type { SliceShapes, StepBatch } from './slices.ts';

/** The weights of equations 4 and 6, and how to compute the terms: see `hybridLoss` of `@interseg/losses`. */
export type LossOptions = NonNullable<Parameters<SegmentationNetwork['loss']>[1]>;

/**
 * The inputs of a step: all that changes from step to step. Besides image and mask these are the scalars of the
 * optimiser by their names, and `lambda` where λ warms up.
 */
export interface StepInputs extends NamedTensorMap {
  image: Tensor;
  mask: Tensor;
}

/** The numbers that change from step to step, by name: the scalars of the optimiser, and `lambda` where λ warms up. */
export type StepNumbers = Readonly<Record<string, number>>;

/** A training step from tensors to the scalar terms of its loss; it updates weights and moments as a side effect. */
export type Step = (inputs: StepInputs) => Record<string, Tensor>;

/** Replaces a step by one that computes the same faster, such as a recorded graph. */
export type CompileStep = (step: Step) => Step;

/** The terms of the loss of one step, as numbers; a term that the variant lacks is absent. */
export interface StepLoss {
  total: number;
  image: number;
  deepSupervision?: number;
  mask?: number;
  intermediate?: number;
  reconstruction?: number;
}

/** What a step reports. */
export interface StepResult {
  loss: StepLoss;
  /** The norm of all gradients together, before clipping. */
  gradientNorm: number;
  /** Whether the step moved anything; it does not if its numbers are not finite and such batches are skipped. */
  usable: boolean;
}

/** One training step of a network: forward pass, loss, gradients of the optimiser's variables, update. */
export function createStep(
  network: SegmentationNetwork,
  optimizer: Optimizer,
  loss: LossOptions,
  guards: GradientGuards = {},
): Step {
  const statistics = [...network.variables.values()].filter(({ trainable }) => !trainable);
  const lossOf: LossOf = (batch, lambda) => {
    const { total, ...terms } = network.loss(batch, lambda ? { ...loss, lambda: 0 } : loss);
    // A tensor, not a number: a recorded step must not keep the λ of the epoch in which it was recorded.
    const weighted = lambda && terms.intermediate && tf.mul<Scalar>(lambda, terms.intermediate);
    return { total: weighted ? tf.add<Scalar>(total, weighted) : total, terms };
  };
  return stepOn(optimizer, lossOf, guards, statistics);
}

/** One step that trains the mask path on equation 2 alone, before the network. */
export function createMaskPathStep(network: SegmentationNetwork, optimizer: Optimizer, loss: LossOptions): Step {
  return stepOn(optimizer, (batch) => ({ total: network.maskLoss(batch, loss), terms: {} }));
}

/** The loss of a batch, with a λ of its own where there is one. */
type LossOf = (batch: TrainingBatch, lambda?: Tensor) => { total: Scalar; terms: Record<string, Scalar> };

/** @param statistics variables that the forward pass itself updates, such as moving means */
function stepOn(
  optimizer: Optimizer,
  loss: LossOf,
  guards: GradientGuards = {},
  statistics: readonly Variable[] = [],
): Step {
  return ({ image, mask, lambda, ...scalars }) =>
    tf.tidy(() => {
      const before = guards.skipNonFinite ? statistics.map((variable) => tf.clone(variable)) : [];
      let kept: Record<string, Scalar> = {};
      const { value, grads } = tf.variableGrads(() => {
        const { total, terms } = loss({ image, mask }, lambda);
        // Only the value survives the scope in which gradients are computed.
        kept = Object.fromEntries(Object.entries(terms).map(([name, term]) => [name, tf.keep(term)]));
        return total;
      }, [...optimizer.variables]);
      // The norm is always computed: a loss can be finite while its gradients are not.
      const { gradients, norm, usable } = guardGradients(value, grads, guards);
      optimizer.apply(gradients, scalars, usable);
      before.forEach((held, i) => {
        const variable = statistics[i]!;
        variable.assign(afterUsable(held, variable, usable!));
      });
      return { total: value, ...kept, gradientNorm: norm, ...(usable && { usable }) };
    });
}

/** Runs a step on arrays and reads its losses back. Leaves no tensor behind. */
export async function runStep(
  step: Step,
  batch: StepBatch,
  shapes: SliceShapes,
  numbers: StepNumbers,
): Promise<StepResult> {
  const inputs: StepInputs = {
    image: tf.tensor(batch.images, [batch.count, ...shapes.image]),
    mask: tf.tensor(batch.masks, [batch.count, ...shapes.mask]),
    ...Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, tf.scalar(number)])),
  };
  const terms = step(inputs);
  tf.dispose(inputs);
  const values = await Promise.all(
    Object.entries(terms).map(async ([name, term]) => [name, (await term.data())[0]!] as const),
  );
  tf.dispose(terms);
  const { gradientNorm, usable, ...loss } = Object.fromEntries(values);
  return {
    loss: loss as unknown as StepLoss,
    gradientNorm: gradientNorm!,
    usable: usable !== 0,
  };
}
