import { OptionError } from '@interseg/errors';
import type { SegmentationNetwork } from '@interseg/models';
import type { Variable } from '@tensorflow/tfjs-core';
import { createOptimizer } from '../optimizer/create-optimizer.ts';
import type { Optimizer } from '../optimizer/optimizer.ts';
import { nextTurn } from './next-turn.ts';
import { notFinite } from './non-finite.ts';
import { sliceShapes, type TrainingSlices } from './slices.ts';
import { createMaskPathStep, runStep, type CompileStep, type LossOptions, type Step } from './train-step.ts';
import type { PretrainingState } from './training-state.ts';

/**
 * How the mask path is trained: `'joint'`, together with the network, or `'pretrained'`, before it and then frozen, as
 * the ground-truth encoder of IS-Net is (Qin et al., ECCV 2022).
 */
export const maskPathTrainings = ['joint', 'pretrained'] as const;
/** One of {@link maskPathTrainings}. */
export type MaskPathTraining = (typeof maskPathTrainings)[number];

/**
 * The variables that training updates: all, or all but the mask path's own if that is pretrained and frozen.
 *
 * @throws OptionError when the mask path is to be frozen but has no weights of its own
 */
export function trainedVariables(network: SegmentationNetwork, maskPath: MaskPathTraining): Variable[] {
  if (maskPath === 'joint') return network.trainableVariables;
  const frozen = new Set(network.maskPathVariables);
  if (frozen.size === 0) {
    throw new OptionError(
      `maskPath is 'pretrained', but ${network.options.variant.name} has no mask path with weights of its own; ae, sae and twae variants have.`,
    );
  }
  return network.trainableVariables.filter((variable) => !frozen.has(variable));
}

/** How a mask path is trained before the network. */
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

/**
 * Trains the mask path on equation 2 alone: to reproduce the mask that it is shown. A decoder that it shares with the
 * network is trained, too.
 *
 * @returns whether all epochs are done; when interrupted, `state` continues after the last whole epoch
 * @throws Error when the loss is not a finite number, naming the step and its cases
 */
export async function pretrainMaskPath(
  network: SegmentationNetwork,
  source: TrainingSlices,
  options: PretrainOptions,
): Promise<boolean> {
  const { epochs, batchSize, learningRate, seed, loss, signal, onEpoch, compileStep = (step: Step) => step } = options;
  const { state = { epochs: 0, steps: 0 }, optimizer = createOptimizer(network) } = options;
  const step = compileStep(createMaskPathStep(network, optimizer, loss));
  const shapes = sliceShapes(source);
  try {
    while (state.epochs < epochs) {
      const epoch = state.epochs + 1;
      let [sum, samples, steps] = [0, 0, state.steps];
      // A seed of its own, so that slices come in another order than in the epochs that follow.
      for await (const batch of source.batches({ batchSize, seed: `mask-path-${seed}`, epoch })) {
        const result = await runStep(step, batch, shapes, optimizer.scalars(learningRate, steps++));
        const what = notFinite(result);
        if (what) {
          const cases = [...new Set(batch.cases)].join(', ');
          throw new Error(
            `The ${what} in epoch ${epoch} of the mask path, step ${steps} (cases ${cases}); a finite number is expected: lower the learning rate or look at these cases.`,
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
    if (!options.optimizer) optimizer.dispose();
  }
}
