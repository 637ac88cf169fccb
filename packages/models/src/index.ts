export { normalizations, upSamplings, type Normalization, type UpSampling } from '@interseg/core-layers';
export type { Backbone, Decoder, Encoder, PartOptions } from './backbones/backbone.ts';
export { nodeBlock, nodeName, nodeUpSampling } from './backbones/nodes.ts';
export { createEncoder } from './backbones/encoder.ts';
export { unet } from './backbones/unet.ts';
export { unetpp } from './backbones/unetpp.ts';
export { maskInputs, type MaskInput } from './mask-input/mask-input.ts';
export { TileMask } from './mask-input/tile-mask.ts';
export { autoEncoder } from './mask-paths/auto-encoder.ts';
export { inter } from './mask-paths/inter.ts';
export type { ConnectedPaths, MaskPath, NetworkParts } from './mask-paths/mask-path.ts';
export { sharedAutoEncoder } from './mask-paths/shared-auto-encoder.ts';
export type { OutputsByName } from './network/build-graphs.ts';
export { networkOfModel } from './network/network-of-model.ts';
export {
  createNetwork,
  SegmentationNetwork,
  type ImageBatch,
  type ImageTermOptions,
  type ImageTerms,
  type MaskLossOptions,
  type TrainingBatch,
} from './network/network.ts';
export { outputActivations, type OutputActivation } from './network/output-activation.ts';
export { describeExpectedSize } from './network/options.ts';
export type { NetworkOptions, ResolvedNetworkOptions } from './network/options.ts';
export { registerPlugin, type Plugin } from './plugins.ts';
export { bceDice, defineLoss, findLoss, segmentationLosses, type SegmentationLoss } from './segmentation-losses.ts';
export { mechanisms } from './variants/mechanisms.ts';
export { composeVariant, defineBackbone, defineVariant, findVariant, variants } from './variants/registry.ts';
export type { Mechanism, Variant } from './variants/variant.ts';
