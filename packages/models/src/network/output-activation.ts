import { ClassProbabilities, classProbabilities } from '@interseg/core-layers';
import { crossEntropyDiceLoss, type SegmentationLossFunction } from '@interseg/losses';
import { layers } from '@tensorflow/tfjs-layers';

/** How logits become the probabilities of the K classes. */
export const outputActivations = ['sigmoid', 'softmax'] as const;
/**
 * `'sigmoid'`: each class by itself, so that classes may overlap. `'softmax'`: the classes and a background of its own
 * compete, as every voxel is of one of them.
 */
export type OutputActivation = (typeof outputActivations)[number];

/** The logits that a network has for K classes: with a softmax the background's is in front. */
export function logitChannels(activation: OutputActivation, classes: number): number {
  return activation === 'softmax' ? classes + 1 : classes;
}

/** The layer from logits, `[N, H, W, K]` or `[N, H, W, K + 1]`, to probabilities, `[N, H, W, K]`. */
export function createActivation(activation: OutputActivation, name: string): layers.Layer {
  return activation === 'softmax'
    ? new ClassProbabilities({ name })
    : layers.activation({ activation: 'sigmoid', name });
}

/**
 * The loss of equations 1 and 2 for logits of this activation. With a softmax, cross-entropy and Dice are in the place of
 * BCE-Dice, and another loss is given probabilities in training, too: it knows of no background.
 *
 * @param given a loss in the place of BCE-Dice
 * @returns `undefined` for BCE-Dice itself
 */
export function segmentationLossFor(
  activation: OutputActivation,
  given?: SegmentationLossFunction,
): SegmentationLossFunction | undefined {
  if (activation === 'sigmoid') return given;
  if (!given) return crossEntropyDiceLoss;
  return (labels, predictions, options) =>
    given(labels, options.fromLogits ? classProbabilities(predictions) : predictions, {
      ...options,
      fromLogits: false,
    });
}
