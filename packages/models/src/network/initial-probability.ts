import { OptionError } from '@interseg/errors';
import * as tf from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import { logitChannels } from './output-activation.ts';
import type { ResolvedNetworkOptions } from './options.ts';

/**
 * Sets the bias of a head so that, before any training, each class has about the initial probability everywhere: Lin et al.
 * 2017, Focal Loss for Dense Object Detection (arXiv 1708.02002), section 3.3. From a bias of 0 the
 * smallest objects are learned late: all voxels but a few call for a far lower logit, a step of Adam moves the bias by no
 * more than the learning rate, and what lowers the logits meanwhile are the features.
 *
 * With a softmax it is the probability of each class beside the background alone, so that 0.5 is a bias of 0 here, too.
 *
 * @param head a 1×1 convolution to logits that has its weights
 */
export function setInitialProbability(
  head: layers.Layer,
  {
    initialProbability,
    outputActivation,
    classes,
  }: Pick<ResolvedNetworkOptions, 'initialProbability' | 'outputActivation' | 'classes'>,
): void {
  const logit = Math.log(initialProbability / (1 - initialProbability));
  const bias = new Array<number>(logitChannels(outputActivation, classes)).fill(logit);
  if (outputActivation === 'softmax') bias[0] = 0;
  tf.tidy(() => void head.weights[1]!.write(tf.tensor1d(bias)));
}

/** @throws OptionError naming the option, what was found and what was expected */
export function checkInitialProbability(initialProbability: number): void {
  if (initialProbability > 0 && initialProbability < 1) return;
  throw new OptionError(`initialProbability is ${initialProbability}, expected a number above 0 and below 1.`);
}
