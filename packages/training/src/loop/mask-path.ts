import { OptionError } from '@interseg/errors';
import type { SegmentationNetwork } from '@interseg/models';
import type { Variable } from '@tensorflow/tfjs-core';
import { pretrainPart, type PretrainOptions } from './pretrain.ts';
import { sliceShapes, type TrainingSlices } from './slices.ts';
import { createMaskPathStep } from './train-step.ts';

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
  const { batchSize, seed, loss } = options;
  return pretrainPart(
    network,
    {
      name: 'the mask path',
      createStep: (optimizer) => createMaskPathStep(network, optimizer, loss),
      shapes: sliceShapes(source),
      // A seed of its own, so that slices come in another order than in the epochs that follow.
      batches: (epoch) => source.batches({ batchSize, seed: `mask-path-${seed}`, epoch }),
    },
    options,
  );
}
