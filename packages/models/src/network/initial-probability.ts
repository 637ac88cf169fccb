import { OptionError } from '@interseg/errors';
import * as tf from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import { logitChannels } from './output-activation.ts';
import type { ResolvedNetworkOptions } from './options.ts';

type InitialOptions = Pick<ResolvedNetworkOptions, 'initialProbability' | 'outputActivation' | 'classes'>;

/**
 * Sets the bias of a head so that, before any training, each class has about the initial probability everywhere: Lin et al.
 * 2017, Focal Loss for Dense Object Detection (arXiv 1708.02002), section 3.3. From a bias of 0 small objects are learned
 * late: all voxels but a few call for a far lower logit, a step of Adam moves the bias by no more than the learning rate,
 * and what lowers the logits meanwhile are the features.
 *
 * @param head a 1×1 convolution to logits that has its weights
 */
export function setInitialProbability(head: layers.Layer, options: InitialOptions): void {
  const { initialProbability, outputActivation, classes } = options;
  const isSoftmax = outputActivation === 'softmax';
  const others = 1 - (isSoftmax ? classes : 1) * initialProbability;
  const logit = Math.log(initialProbability / others);
  const bias = new Array<number>(logitChannels(outputActivation, classes)).fill(logit);
  // The background of a softmax has what the classes leave.
  if (isSoftmax) bias[0] = 0;
  tf.tidy(() => void head.weights[1]!.write(tf.tensor1d(bias)));
}

/** @throws OptionError naming the option, what was found and what was expected */
export function checkInitialProbability({ initialProbability, outputActivation, classes }: InitialOptions): void {
  const limit = outputActivation === 'softmax' ? 1 / classes : 1;
  if (initialProbability > 0 && initialProbability < limit) return;
  const reason = limit < 1 ? `, as ${classes} classes share a softmax with the background` : '';
  throw new OptionError(
    `initialProbability is ${initialProbability}, expected a number above 0 and below ${limit === 1 ? 1 : `1/${classes}`}${reason}.`,
  );
}
