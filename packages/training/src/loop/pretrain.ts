import { OptionError } from '@interseg/errors';
import type { SegmentationNetwork } from '@interseg/models';
import { createOptimizer } from '../optimizer/create-optimizer.ts';
import type { Optimizer } from '../optimizer/optimizer.ts';
import { nextTurn } from './next-turn.ts';
import { notFinite } from './non-finite.ts';
import type { SliceShapes, StepBatch } from './slices.ts';
import { runStep, type CompileStep, type LossOptions, type Step } from './train-step.ts';
import type { PretrainingState } from './training-state.ts';
import type { UnlabelledStepBatch } from './unlabelled.ts';

/** What a network may learn before the segmentation, from images alone: nothing, or to reconstruct them. */
export const pretrainings = ['none', 'reconstruction'] as const;
/** One of {@link pretrainings}. */
export type Pretraining = (typeof pretrainings)[number];

/** How a part of a network is trained before the network. */
export interface PretrainOptions {
  epochs: number;
  batchSize: number;
  /** Constant, above 0. */
  learningRate: number;
  seed: number;
  loss: LossOptions;
  signal?: AbortSignal;
  compileStep?: CompileStep;
  /** Where to continue; weights and moments must have been restored to match. Defaults to the start. */
  state?: PretrainingState;
  /** Of all variables of the network, with what it remembers. Defaults to a new `Adam`. */
  optimizer?: Optimizer;
  /** Called after each epoch, when `state` already counts it: the moment to write a checkpoint. */
  onEpoch?: (state: PretrainingState, loss: number) => void | Promise<void>;
}

/** What is trained, and on what. */
export interface PretrainedPart {
  /** In words, such as `the mask path`. */
  name: string;
  /** Makes the step of an optimiser. */
  createStep: (optimizer: Optimizer) => Step;
  shapes: SliceShapes;
  /** The slices of an epoch. */
  batches: (epoch: number) => AsyncIterable<StepBatch | UnlabelledStepBatch>;
}

/**
 * Trains a part of a network, at a constant learning rate.
 *
 * @returns whether all epochs are done; when interrupted, `state` continues after the last whole epoch
 * @throws Error when the loss is not a finite number, naming the step and its cases
 */
export async function pretrainPart(
  network: SegmentationNetwork,
  { name, createStep, shapes, batches }: PretrainedPart,
  options: PretrainOptions,
): Promise<boolean> {
  const { epochs, learningRate, signal, onEpoch, compileStep = (step: Step) => step } = options;
  const { state = { epochs: 0, steps: 0 }, optimizer = createOptimizer(network) } = options;
  const step = compileStep(createStep(optimizer));
  try {
    while (state.epochs < epochs) {
      const epoch = state.epochs + 1;
      let [sum, samples, steps] = [0, 0, state.steps];
      for await (const batch of batches(epoch)) {
        const result = await runStep(step, batch, shapes, optimizer.scalars(learningRate, steps++));
        const what = notFinite(result);
        if (what) {
          const cases = [...new Set(batch.cases)].join(', ');
          throw new Error(
            `The ${what} in epoch ${epoch} of ${name}, step ${steps} (cases ${cases}); a finite number is expected: lower the learning rate or look at these cases.`,
          );
        }
        sum += result.loss.total * batch.count;
        samples += batch.count;
        await nextTurn();
        if (signal?.aborted) return false;
      }
      Object.assign(state, { epochs: epoch, steps });
      await onEpoch?.(state, sum / samples);
    }
    return true;
  } finally {
    step.release?.();
    if (!options.optimizer) optimizer.dispose();
  }
}

/**
 * Checks that a network can learn to reconstruct images before it learns to segment them.
 *
 * @throws OptionError when it has no tied-weight decoder
 */
export function checkReconstruction({ options: { variant } }: Pick<SegmentationNetwork, 'options'>): void {
  if (variant.mechanism.reconstruction) return;
  const tied = `tw-${variant.backbone.name}`;
  throw new OptionError(
    `pretrain is 'reconstruction', but ${variant.name} reconstructs nothing; expected a variant that does, such as ${tied}, or initialWeights from a run of ${tied}.`,
  );
}
