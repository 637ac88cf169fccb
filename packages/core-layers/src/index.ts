export { ConvolutionBlock, type ConvolutionBlockOptions } from './blocks/convolution-block.ts';
export { ClassProbabilities, classProbabilities } from './class-probabilities.ts';
export { layerSeed } from './layer-seed.ts';
export { NearestUpSampling } from './nearest-up-sampling.ts';
export {
  UpSamplingBlock,
  upSamplings,
  type UpSampling,
  type UpSamplingBlockOptions,
} from './blocks/up-sampling-block.ts';
export { JoinBatch, SplitBatch, type SplitBatchArgs } from './join-and-split-batch.ts';
export {
  createNormalization,
  normalizations,
  type Normalization,
  type NormalizationOptions,
} from './normalization/create-normalization.ts';
export { GroupNormalization, type GroupNormalizationArgs } from './normalization/group-normalization.ts';
export { InstanceNormalization } from './normalization/instance-normalization.ts';
export {
  JointBatchNormalization,
  type JointBatchNormalizationArgs,
} from './normalization/joint-batch-normalization.ts';
export { NormalizationLayer, type NormalizationArgs } from './normalization/normalization-layer.ts';
export {
  TiedConvolutionTranspose,
  connectTies,
  type TiedConvolutionTransposeArgs,
} from './tied-convolution-transpose.ts';
