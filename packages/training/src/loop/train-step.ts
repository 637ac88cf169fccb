import { defaultLossWeights } from '@interseg/losses';
import type { ImageTerms, SegmentationNetwork } from '@interseg/models';
import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import { afterUsable, guardGradients, type GradientGuards } from '../optimizer/gradient-guard.ts';
import type { Optimizer } from '../optimizer/optimizer.ts';
import type { SliceShapes, StepBatch } from './slices.ts';
import type { UnlabelledOptions, UnlabelledStepBatch } from './unlabelled.ts';

/** The weights of equations 4 and 6, and how to compute the terms: see `hybridLoss` of `@interseg/losses`. */
export type LossOptions = NonNullable<Parameters<SegmentationNetwork['loss']>[1]>;

/**
 * The inputs of a step: all that changes from step to step. Besides image and mask these are the scalars of the
 * optimiser by their names, `lambda` where λ warms up, and with slices without masks `unlabelled`, and `otherUnlabelled` with
 * the weight `consistency` where there is a teacher. A step that trains on images alone has no mask.
 */
export interface StepInputs extends NamedTensorMap {
  image: Tensor;
}

/**
 * The numbers that change from step to step, by name: the scalars of the optimiser, `lambda` where λ warms up, and
 * `consistency` where there is a teacher.
 */
export type StepNumbers = Readonly<Record<string, number>>;

/** A training step from tensors to the scalar terms of its loss; it updates weights and moments as a side effect. */
export interface Step {
  (inputs: StepInputs): Record<string, Tensor>;
  /** Releases what the step keeps between its calls, such as a recorded graph. */
  release?(): void;
}

/** Replaces a step by one that computes the same faster, such as a recorded graph. */
export type CompileStep = (step: Step) => Step;

/** The terms of the loss of one step, as numbers; a term that the variant lacks is absent. */
export interface StepLoss {
  total: number;
  image: number;
  deepSupervision?: number;
  mask?: number;
  intermediate?: number;
  /** Over all slices, those without masks included. */
  reconstruction?: number;
  /** Over the slices without masks. */
  unlabelledReconstruction?: number;
  /** On the slices without masks. */
  consistency?: number;
}

/** What a step reports. */
export interface StepResult {
  loss: StepLoss;
  /** The norm of all gradients together, before clipping. */
  gradientNorm: number;
  /** Whether the step moved anything; it does not if its numbers are not finite and such batches are skipped. */
  usable: boolean;
}

/**
 * One training step of a network: forward pass, loss, gradients of the optimiser's variables, update. Slices without masks
 * count in L_t as those with; on them, the network is also to agree with its teacher, which is the optimiser's average, as far
 * as the input `consistency` says.
 */
export function createStep(
  network: SegmentationNetwork,
  optimizer: Optimizer,
  loss: LossOptions,
  guards: GradientGuards = {},
  { confidence }: Pick<UnlabelledOptions, 'confidence'> = {},
): Step {
  const statistics = [...network.variables.values()].filter(({ trainable }) => !trainable);
  const { beta = defaultLossWeights.beta } = loss;
  const reconstruct = network.options.variant.mechanism.reconstruction && beta > 0;
  const lossOf: LossOf = ({ image, mask, lambda, unlabelled, teacher, consistency }) => {
    const images = unlabelled && network.imageTerms({ image: unlabelled, teacher, reconstruct }, { confidence });
    const share = images?.reconstruction ? unlabelled!.shape[0]! / (unlabelled!.shape[0]! + image.shape[0]!) : 0;
    const weights = { ...loss, ...(share > 0 && { beta: beta * (1 - share) }), ...(lambda && { lambda: 0 }) };
    const { total, ...terms } = network.loss({ image, mask: mask! }, weights);
    // Tensors, not numbers: a recorded step must not keep the λ of the epoch in which it was recorded.
    const parts: Scalar[] = [total];
    if (lambda && terms.intermediate) parts.push(tf.mul(lambda, terms.intermediate));
    if (images?.reconstruction) parts.push(tf.mul(beta * share, images.reconstruction));
    if (images?.consistency) parts.push(tf.mul(consistency!, images.consistency));
    return {
      total: parts.reduce((sum, part) => tf.add(sum, part)),
      terms: { ...terms, ...termsOfImages(terms.reconstruction, images, share) },
    };
  };
  return stepOn(optimizer, lossOf, { guards, statistics, teach: teacherOf(network, optimizer) });
}

/** The terms that slices without masks have or change, where there are such slices. */
function termsOfImages(labelled: Scalar | undefined, images: ImageTerms = {}, share: number): Record<string, Scalar> {
  const { reconstruction, consistency } = images;
  return {
    ...(labelled &&
      reconstruction && {
        reconstruction: tf.add<Scalar>(tf.mul(labelled, 1 - share), tf.mul(reconstruction, share)),
        unlabelledReconstruction: reconstruction,
      }),
    ...(consistency && { consistency }),
  };
}

/** What the average of the weights says of images, in inference mode: the model that training would end with now. */
function teacherOf(network: SegmentationNetwork, { average }: Optimizer): Teach {
  return (image) => {
    if (!average) throw new Error('The optimiser keeps no average of the weights, expected one to be the teacher.');
    return average.compute(() => network.deploy.apply(image, { training: false }) as Tensor);
  };
}

/** One step that trains the mask path on equation 2 alone, before the network. */
export function createMaskPathStep(network: SegmentationNetwork, optimizer: Optimizer, loss: LossOptions): Step {
  return stepOn(optimizer, ({ image, mask }) => ({
    total: network.maskLoss({ image, mask: mask! }, loss),
    terms: {},
  }));
}

/** One step that trains the tied-weight auto-encoder on equation 5 alone, from images. */
export function createReconstructionStep(network: SegmentationNetwork, optimizer: Optimizer): Step {
  return stepOn(optimizer, ({ image }) => ({
    total: network.imageTerms({ image }, { updateStatistics: true }).reconstruction!,
    terms: {},
  }));
}

/** What a loss is computed from. */
interface LossInputs {
  image: Tensor;
  mask?: Tensor;
  /** λ, where it warms up. */
  lambda?: Tensor;
  /** Images without masks. */
  unlabelled?: Tensor;
  /** What the teacher says of them. */
  teacher?: Tensor;
  /** The weight of the difference from it. */
  consistency?: Tensor;
}

type LossOf = (inputs: LossInputs) => { total: Scalar; terms: Record<string, Scalar> };

/** Says of images `[N, H, W, C]` what their masks are, `[N, H, W, K]`. */
type Teach = (image: Tensor) => Tensor;

/** @param parts `statistics` are variables that the forward pass itself updates, such as moving means */
function stepOn(
  optimizer: Optimizer,
  loss: LossOf,
  parts: { guards?: GradientGuards; statistics?: readonly Variable[]; teach?: Teach } = {},
): Step {
  const { guards = {}, statistics = [], teach } = parts;
  return ({ image, mask, lambda, unlabelled, otherUnlabelled, consistency, ...scalars }) =>
    tf.tidy(() => {
      const before = guards.skipNonFinite ? statistics.map((variable) => tf.clone(variable)) : [];
      // Outside the gradients: the teacher is a constant.
      const teacher = otherUnlabelled && teach?.(otherUnlabelled);
      let kept: Record<string, Scalar> = {};
      const { value, grads } = tf.variableGrads(() => {
        const { total, terms } = loss({ image, mask, lambda, unlabelled, teacher, consistency });
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

function unlabelledInputs(
  { images, otherImages, count }: UnlabelledStepBatch,
  { image }: SliceShapes,
): Record<string, Tensor> {
  return {
    unlabelled: tf.tensor(images, [count, ...image]),
    ...(otherImages && { otherUnlabelled: tf.tensor(otherImages, [count, ...image]) }),
  };
}

/** Runs a step on arrays and reads its losses back. Leaves no tensor behind. */
export async function runStep(
  step: Step,
  batch: StepBatch | UnlabelledStepBatch,
  shapes: SliceShapes,
  numbers: StepNumbers,
): Promise<StepResult> {
  const inputs: StepInputs = {
    image: tf.tensor(batch.images, [batch.count, ...shapes.image]),
    ...('masks' in batch && {
      mask: tf.tensor(batch.masks, [batch.count, ...shapes.mask]),
      ...(batch.unlabelled && unlabelledInputs(batch.unlabelled, shapes)),
    }),
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
