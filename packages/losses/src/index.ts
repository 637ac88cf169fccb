export { binaryCrossEntropy, type BinaryCrossEntropyOptions, type PredictionOptions } from './binary-cross-entropy.ts';
export { diceLoss, type DiceLossOptions } from './dice-loss.ts';
export { diceOvers, type DiceOver } from './internal/soft-dice.ts';
export { bceDiceLoss, type BceDiceLossOptions } from './bce-dice-loss.ts';
export { crossEntropyDiceLoss } from './cross-entropy-dice-loss.ts';
export {
  intermediateLoss,
  levelWeightings,
  targetGradients,
  type IntermediateLossOptions,
  type LevelWeighting,
  type TargetGradient,
} from './intermediate-loss.ts';
export { featureScale, meanAbsoluteActivation } from './mean-absolute-activation.ts';
export { consistencyLoss, type ConsistencyLossOptions } from './consistency-loss.ts';
export { reconstructionLoss } from './reconstruction-loss.ts';
export {
  checkHybridLossWeights,
  hybridLoss,
  type HybridLoss,
  type HybridLossInput,
  type HybridLossOptions,
  type HybridLossTerms,
} from './hybrid-loss.ts';
export {
  segmentationTerm,
  type SegmentationLossFunction,
  type SegmentationPair,
  type SegmentationTermOptions,
} from './segmentation-term.ts';
export { deepSupervisionLoss } from './deep-supervision-loss.ts';
export { defaultLossWeights, type LossWeights } from './loss-weights.ts';
