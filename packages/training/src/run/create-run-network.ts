import { changesIntensities, type DataSet } from '@interseg/data';
import { OptionError } from '@interseg/errors';
import { createNetwork, type SegmentationNetwork } from '@interseg/models';
import { augmentationSettings, fitOptions, networkOptions } from '../configuration/derive.ts';
import type { RunConfiguration } from '../configuration/run-configuration.ts';
import { checkFitOptions } from '../loop/fit-options.ts';
import { trainedVariables } from '../loop/mask-path.ts';
import { checkReconstruction } from '../loop/pretrain.ts';
import { checkUnlabelled } from '../loop/unlabelled.ts';

/**
 * Creates the network of a run, and refuses what could only fail once training has begun.
 *
 * @throws OptionError when options of the network, the mask path or the loss are out of range or do not suit the variant
 */
export function createRunNetwork(configuration: RunConfiguration, dataset: DataSet): SegmentationNetwork {
  const network = createNetwork(networkOptions(configuration, dataset));
  try {
    trainedVariables(network, configuration.maskPath);
    checkFitOptions(network, fitOptions(configuration));
    checkFrozenMaskPath(network, configuration);
    checkLearningFromImages(network, configuration);
    return network;
  } catch (error) {
    network.dispose();
    throw error;
  }
}

/**
 * Checks that a network can be built and trained with the options of a run, before anything is read or written.
 *
 * @throws OptionError when options of the network, the mask path or the loss are out of range or do not suit the variant
 */
export function checkRunOptions(configuration: RunConfiguration, dataset: DataSet): void {
  createRunNetwork(configuration, dataset).dispose();
}

/** Checks what is to be learned from images without labels, beside the segmentation and before it. */
function checkLearningFromImages(network: SegmentationNetwork, configuration: RunConfiguration): void {
  const { pretrain, maskPath, averageWeights, consistency } = configuration;
  const isPretrained = pretrain === 'reconstruction';
  if (isPretrained) checkReconstruction(network);
  if (isPretrained && maskPath === 'pretrained') {
    throw new OptionError(
      "pretrain is 'reconstruction' and maskPath is 'pretrained', expected one of the two to be trained before the network.",
    );
  }
  const hasSlices = configuration.unlabelled !== 0;
  const hasAverage = averageWeights > 0;
  checkUnlabelled(network, { ...fitOptions(configuration), hasAverage, hasSlices, isPretrained });
  if (consistency > 0 && !changesIntensities(augmentationSettings(configuration))) {
    throw new OptionError(
      `consistency is ${consistency}, but augmentation changes no intensities, so that network and teacher would see the same; expected an augmentation that does, such as light.`,
    );
  }
}

/** Nothing learns from L_mask where the whole mask path is frozen: neither encoder nor decoder is the image's. */
function checkFrozenMaskPath(network: SegmentationNetwork, configuration: RunConfiguration): void {
  const branches = network.options.variant.mechanism.maskPath?.branches;
  const isFrozen = configuration.maskPath === 'pretrained' && branches?.encoder === 1 && branches.decoder === 1;
  if (!isFrozen) return;
  try {
    checkFitOptions(network, fitOptions({ ...configuration, gamma: 0 }));
  } catch (error) {
    throw new OptionError(
      "maskPath is 'pretrained', expected a weight above 0 for a term of the loss other than L_mask, which moves nothing then.",
      { cause: error },
    );
  }
}
