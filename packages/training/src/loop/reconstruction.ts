import { OptionError } from '@interseg/errors';
import type { SegmentationNetwork } from '@interseg/models';
import { checkReconstruction, pretrainPart, type PretrainOptions } from './pretrain.ts';
import { createReconstructionStep } from './train-step.ts';
import type { UnlabelledSlices } from './unlabelled.ts';

/**
 * Trains the tied-weight auto-encoder alone, on equation 5 of Yuan et al., arXiv 2012.03673: to give back the images that it
 * is shown. The encoder's kernels and what the tied decoder has of its own move; the decoder of the segmentation stays as it
 * is. Every slice is shown once in an epoch.
 *
 * @param source slices without masks, also of labelled cases
 * @param options their `loss` has no part in it
 * @returns whether all epochs are done; when interrupted, `state` continues after the last whole epoch
 * @throws OptionError when the variant reconstructs nothing, or the slices are not of the network's shape
 * @throws Error when the loss is not a finite number, naming the step and its cases
 */
export async function pretrainReconstruction(
  network: SegmentationNetwork,
  source: UnlabelledSlices,
  options: Omit<PretrainOptions, 'loss'> & Partial<Pick<PretrainOptions, 'loss'>>,
): Promise<boolean> {
  checkReconstruction(network);
  checkImageShape(network, source);
  const { batchSize, seed } = options;
  const [height, width, channels] = network.options.inputShape;
  return pretrainPart(
    network,
    {
      name: 'the reconstruction',
      createStep: (optimizer) => createReconstructionStep(network, optimizer),
      shapes: { image: [height, width, channels], mask: [height, width, network.options.classes] },
      // A seed of its own, so that slices come in another order than in the epochs that follow.
      batches: (epoch) => source.batches({ batchSize, seed: `reconstruction-${seed}`, epoch }),
    },
    { loss: {}, ...options },
  );
}

/**
 * Checks that slices without masks are of the shape that a network takes.
 *
 * @throws OptionError naming both shapes
 */
export function checkImageShape({ options }: SegmentationNetwork, { size, channels }: UnlabelledSlices): void {
  const [found, expected] = [[...size, channels], options.inputShape].map((shape) => `[${shape.join(', ')}]`);
  if (found === expected) return;
  throw new OptionError(`The slices without masks are ${found}, expected ${expected} as the network takes.`);
}
